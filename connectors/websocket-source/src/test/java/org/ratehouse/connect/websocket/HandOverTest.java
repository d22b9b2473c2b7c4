package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two connections of one feed, of a venue that numbers its trades and acknowledges. */
class HandOverTest {

  private static final long LIFE_MS = 1_000;
  private static final FeedSignal OPENED = new FeedSignal.Opened(1, List.of("A", "B"));
  private static final FeedSignal OVERLAPPING = new FeedSignal.Opened(2, List.of("A", "B"), true);

  private final ReaderDriver feed =
      new ReaderDriver(
          "feed.venue", "binance", "feed.token", "", "connection.life.ms", "" + LIFE_MS);
  private final ScriptedLink old = feed.next(OPENED, frame(BinanceFrames.ACKNOWLEDGED), pong(1));
  private final ScriptedLink next = feed.next();
  private final List<FeedOutput> history = new ArrayList<>();

  @BeforeEach
  void letTheOldConnectionGrowOld() throws Exception {
    turn();
    feed.steady += LIFE_MS;
    turn();
    assertEquals(List.of(false, true), feed.overlapping);
  }

  private void turn() throws InterruptedException {
    feed.reader.turn();
    history.addAll(feed.taken());
  }

  private static FeedSignal frame(String text) {
    return new FeedSignal.Frame(text, 1);
  }

  private static FeedSignal trade(long id) {
    return frame(BinanceFrames.trade("A", id));
  }

  private static FeedSignal pong(long number) {
    return new FeedSignal.Pong(number, number, number);
  }

  private List<FeedOutput.EventKind> kinds() {
    return history.stream()
        .filter(FeedOutput.Event.class::isInstance)
        .map(output -> ((FeedOutput.Event) output).kind())
        .toList();
  }

  private List<String> gapReasons() {
    return history.stream()
        .filter(FeedOutput.Event.class::isInstance)
        .map(FeedOutput.Event.class::cast)
        .filter(event -> event.kind() == FeedOutput.EventKind.GAP)
        .map(FeedOutput.Event::reason)
        .toList();
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void eachTradeOfTwoOverlappingStreamsIsTakenInOnceAndNothingIsMissing() throws Exception {
    old.tell(trade(1), trade(2));
    next.tell(OVERLAPPING, frame(BinanceFrames.ACKNOWLEDGED), trade(2), trade(3));
    turn();
    assertEquals(List.of("ping"), next.asked);
    next.tell(pong(2), trade(4), trade(5));
    old.tell(trade(3));
    turn();
    assertEquals(List.of("ping"), old.asked);
    old.tell(trade(4), pong(2), trade(5));
    turn();
    assertEquals(List.of("ping", "close"), old.asked);
    next.tell(trade(6));
    turn();
    turn();

    assertEquals(upTo(6), ReaderDriver.prices(history));
    assertEquals(List.of("the first minute is partial"), gapReasons());
  }

  @Test
  void theOldConnectionGoesOnUntilTheNewOneIsLive() throws Exception {
    next.tell(OVERLAPPING, trade(7), pong(1));
    turn();
    old.tell(trade(1), pong(2));
    turn();

    assertEquals(List.of(), old.asked);
    assertEquals(List.of(1), ReaderDriver.prices(history));
  }

  @Test
  void aPongOfAnEarlierPingDoesNotEndTheOldConnection() throws Exception {
    next.tell(OVERLAPPING, frame(BinanceFrames.ACKNOWLEDGED));
    turn();
    next.tell(pong(2));
    turn();
    old.tell(pong(1), trade(1));
    turn();

    assertEquals(List.of("ping"), old.asked);
    assertEquals(List.of(1), ReaderDriver.prices(history));
  }

  @Test
  void anOldConnectionThatDiesIsFollowedByTheNewOneWithAGapAndNothingTwice() throws Exception {
    old.tell(trade(1), trade(2));
    next.tell(OVERLAPPING, frame(BinanceFrames.ACKNOWLEDGED), trade(2), trade(3));
    turn();
    next.tell(trade(4), pong(2));
    old.tell(new FeedSignal.Closed("died", 5));
    turn();
    turn();
    turn();

    assertEquals(upTo(4), ReaderDriver.prices(history));
    assertEquals(List.of("the first minute is partial", "died"), gapReasons());
    assertEquals(2, feed.opened.size());
  }

  @Test
  void aNewConnectionThatDoesNotComeAboutLeavesTheOldOneAndIsTriedAgain() throws Exception {
    next.tell(new FeedSignal.NotOpened("HTTP 503", false));
    turn();
    old.tell(trade(1));
    turn();
    assertEquals(List.of(1), ReaderDriver.prices(history));
    assertFalse(kinds().contains(FeedOutput.EventKind.DISCONNECTED));

    ScriptedLink third = feed.next();
    feed.steady += 60_000;
    turn();
    assertEquals(List.of(false, true, true), feed.overlapping);
    assertEquals(List.of(), third.asked);
  }

  @Test
  void aNewConnectionThatTakesTooLongIsGivenUp() throws Exception {
    next.tell(OVERLAPPING);
    turn();
    feed.steady += 3 * TestOptions.options().connectTimeoutMs();
    turn();

    assertEquals(List.of("abort: the hand-over did not come about"), next.asked);
    assertEquals(List.of(), old.asked);
  }

  @Test
  void aNewConnectionThatTheVenueRefusesIsGivenUp() throws Exception {
    next.tell(OVERLAPPING, frame("{\"error\":{\"code\":2,\"msg\":\"no\"},\"id\":1}"));
    turn();

    assertEquals(List.of("abort: the hand-over did not come about"), next.asked);
  }

  @Test
  void whatIsHeldBackIsBounded() throws Exception {
    ReaderDriver small =
        new ReaderDriver(
            TestOptions.with(
                TestOptions.options(
                    "feed.venue", "binance", "feed.token", "", "connection.life.ms", "1000"),
                "queueMaxBytes",
                1_000L));
    small.next(OPENED, frame(BinanceFrames.ACKNOWLEDGED));
    ScriptedLink flooding = small.next();
    small.reader.turn();
    small.steady += LIFE_MS;
    small.reader.turn();
    flooding.tell(OVERLAPPING, frame("x".repeat(1_001)));
    small.reader.turn();

    assertEquals(List.of("abort: the hand-over did not come about"), flooding.asked);
  }

  @Test
  void symbolsThatChangeMeanwhileAreChangedAfterwards() throws Exception {
    feed.symbols.want(List.of("A", "C"));
    next.tell(OVERLAPPING, frame(BinanceFrames.ACKNOWLEDGED));
    turn();
    next.tell(pong(2));
    turn();
    assertEquals(List.of("ping"), old.asked);
    old.tell(pong(2));
    turn();
    turn();

    assertEquals(List.of("ping", "add [C] remove [B]"), next.asked);
  }

  @Test
  void stoppingEndsBothConnections() {
    feed.reader.stop();

    assertTrue(old.asked.contains("close"));
    assertTrue(next.asked.contains("close"));
  }
}
