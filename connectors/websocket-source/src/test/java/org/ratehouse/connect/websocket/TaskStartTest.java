package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ratehouse.connect.websocket.FeedDriver.START;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/** A feed that had one token and gets a second. The padding is the default second at both ends. */
class TaskStartTest {

  private static final long MINUTE = START - START % 60_000;
  private static final String STAYS = symbolOf(0);
  private static final String MOVES = symbolOf(1);

  private final Map<Integer, FeedOffset> stored = new HashMap<>();

  /** One that the task has of two. */
  private static String symbolOf(int task) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "S" + i)
        .filter(symbol -> Shares.taskOf(symbol, 2) == task)
        .findFirst()
        .orElseThrow();
  }

  private FeedDriver start(int task, String tokens, long wall, String... symbols) {
    FeedOptions options =
        TestOptions.options(
            "feed.token", tokens,
            "task.index", Integer.toString(task),
            "feed.symbols", String.join(",", symbols));
    return FeedDriver.of(TaskStart.of(options, stored, new Moment(wall, 0)).state(), wall);
  }

  private void commit(int task, FeedDriver feed) {
    stored.put(task, FeedOffset.fromMap(feed.state.offset().toMap()));
  }

  private void oneTaskWasLive() {
    commit(0, start(0, "a", START, STAYS, MOVES).open(STAYS, MOVES).pong(START));
  }

  private FeedDriver secondStarts(long wall) {
    return start(1, "a,b", wall, STAYS, MOVES).open(MOVES).pong(wall);
  }

  private static List<Gap> gaps(FeedDriver feed) {
    return feed.events(GAP).stream().map(Event::gap).toList();
  }

  @Test
  void aTaskThatCannotConnectAtItsStartMissesAllSinceThen() {
    FeedDriver feed = start(0, "a", START, "A").after(600_000).open("A").pong(START + 600_000);

    assertEquals(List.of(new Gap(MINUTE, START + 601_000)), gaps(feed));
  }

  @Test
  void aSymbolThatAnotherTaskHadIsMissedSinceThatOneHadItHoweverLateTheNewTaskStarts() {
    oneTaskWasLive();
    FeedDriver second = secondStarts(START + 600_000);

    assertEquals(List.of(new Gap(START - 1_000, START + 601_000)), gaps(second));
    Event gap = second.events(GAP).get(0);
    assertEquals(List.of(MOVES), gap.symbols());
    assertEquals("taken over from another task of the feed", gap.reason());
  }

  @Test
  void aSymbolThatItsFormerTaskGaveUpFirstIsMissedSinceThen() {
    oneTaskWasLive();
    FeedDriver first = start(0, "a,b", START + 60_000, STAYS, MOVES).after(5_000).open(STAYS);
    commit(0, first);
    assertEquals(List.of(new Gap(START - 1_000, START + 66_000)), gaps(first));
    assertEquals(Map.of(MOVES, START + 65_000), stored.get(0).moved());

    FeedDriver second = secondStarts(START + 600_000);
    assertEquals(List.of(new Gap(START + 64_000, START + 601_000)), gaps(second));
  }

  @Test
  void whatATaskLeftIsKeptUntilAnotherHasTakenItAndNoLonger() {
    oneTaskWasLive();
    commit(0, start(0, "a,b", START + 60_000, STAYS, MOVES).open(STAYS));
    commit(0, start(0, "a,b", START + 90_000, STAYS, MOVES).open(STAYS));
    assertEquals(Map.of(MOVES, START + 60_000), stored.get(0).moved());

    commit(1, secondStarts(START + 600_000));
    commit(0, start(0, "a,b", START + 700_000, STAYS, MOVES).open(STAYS));
    assertEquals(Map.of(), stored.get(0).moved());
  }

  @Test
  void aTaskThatDiesBeforeItWroteAnythingLeavesToTheNextStartAllThatIsMissed() {
    oneTaskWasLive();
    secondStarts(START + 300_000);

    assertEquals(
        List.of(new Gap(START - 1_000, START + 601_000)), gaps(secondStarts(START + 600_000)));
  }

  @Test
  void aSymbolThatNobodyWantedForAWhileIsNotMissedInThatTime() {
    oneTaskWasLive();
    commit(0, start(0, "a,b", START + 60_000, STAYS, MOVES).open(STAYS));
    FeedDriver second = secondStarts(START + 70_000).change(List.of(), List.of(MOVES));
    commit(1, second.after(10).pong(second.wall));
    assertEquals(Map.of(MOVES, START + 60_000), stored.get(0).moved());

    FeedDriver again = secondStarts(START + 86_400_000);
    assertEquals(List.of(new Gap(MINUTE + 86_400_000, START + 86_401_000)), gaps(again));
  }

  @Test
  void aSymbolThatTheFeedGaveUpBeforeItsNewTaskStartedIsMissedUpToThatTasksConnection() {
    oneTaskWasLive();
    commit(0, start(0, "a,b", START + 60_000, STAYS, MOVES).open(STAYS));
    String other = MOVES + MOVES;
    FeedDriver second = start(1, "a,b", START + 600_000, STAYS).open(other);

    assertEquals(List.of(MOVES), second.events(GAP).get(0).symbols());
    assertEquals(List.of(new Gap(START + 59_000, START + 601_000)), gaps(second));
  }

  @Test
  void whatTheFirstTaskTellsForAFormerOneItDoesNotMissToo() {
    commit(1, secondStarts(START));
    FeedDriver first = start(0, "a", START + 60_000, STAYS, MOVES);
    first.open(STAYS, MOVES).pong(first.wall);

    assertEquals(
        List.of(new Gap(START + 59_000, START + 61_000)),
        first.gaps().stream().map(Event::gap).toList());
  }

  @Test
  void aTaskWithoutAConnectionTellsNoGapUnderNone() {
    oneTaskWasLive();
    FeedDriver second = start(1, "a,b", START + 600_000, STAYS).nothingWanted();

    assertEquals(List.of(), second.events());
  }

  @Test
  void aClockThatWasSetBackSinceHidesNoGap() {
    oneTaskWasLive();
    FeedDriver second = secondStarts(START + 3_600_000);
    commit(1, second.change(List.of(), List.of(MOVES)).after(10).pong(second.wall));
    commit(0, start(0, "a,b", START + 60_000, STAYS, MOVES).open(STAYS));

    FeedDriver again = secondStarts(START + 600_000);
    assertEquals(List.of(new Gap(START + 59_000, START + 601_000)), gaps(again));
  }

  @Test
  void whatAnOffsetOfAnOlderVersionHadIsTakenOver() {
    Map<String, Object> old =
        new HashMap<>(new FeedDriver().open().pong(START).state.offset().toMap());
    old.keySet().removeAll(List.of("symbols", "moved", "tasks"));
    stored.put(0, FeedOffset.fromMap(old));

    assertEquals(
        List.of(new Gap(START - 1_000, START + 601_000)), gaps(secondStarts(START + 600_000)));
    FeedDriver first = start(0, "a,b", START + 60_000, STAYS, MOVES).open(STAYS);
    assertEquals(Map.of(MOVES, START + 60_000), first.state.offset().moved());
  }
}
