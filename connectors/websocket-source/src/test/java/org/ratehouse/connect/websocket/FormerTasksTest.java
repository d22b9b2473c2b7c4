package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ratehouse.connect.websocket.FeedDriver.START;

import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A feed that had three tokens and has one. */
class FormerTasksTest {

  private static final Map<String, String> THIRD = FeedOffset.partition("test", 2);
  private static final Map<String, String> ANOTHER_FEEDS = FeedOffset.partition("other", 2);

  private final Map<Map<String, String>, Map<String, ?>> stored = new HashMap<>();
  private TaskDriver driver;

  @AfterEach
  void stop() {
    driver.close();
  }

  /** What the first poll gives, which is one transaction. */
  private List<SourceRecord> firstPoll(String... namesAndValues) throws Exception {
    driver = TaskDriver.withOffsets(stored, TestOptions.properties(namesAndValues));
    List<SourceRecord> polled = driver.task.poll();
    return polled == null ? List.of() : polled;
  }

  private static Map<String, ?> killedWithTrades() {
    return new FeedDriver().open("X", "Y").pong(START).trades("1", "2").state.offset().toMap();
  }

  private static Object field(SourceRecord record, String name) {
    return ((Struct) record.value()).get(name);
  }

  @Test
  void whatATaskLeftThatIsNoMoreIsToldOnceByTheFirst() throws Exception {
    stored.put(THIRD, killedWithTrades());
    List<SourceRecord> told = firstPoll();

    assertEquals(
        List.of("disconnected", "gap", "unsubscribed"),
        told.stream().map(record -> field(record, "event")).toList());
    SourceRecord end = told.get(0);
    assertEquals(START * 1_000, field(end, "connection_id"));
    assertEquals(2L, field(end, "last_sequence"));
    assertEquals(true, field(end, "closed"));
    assertEquals(List.of("X", "Y"), field(told.get(1), "symbols"));
    assertEquals(new Date(START - 1_000), field(told.get(1), "gap_from"));
    for (SourceRecord record : told) {
      assertEquals(THIRD, record.sourcePartition());
      assertEquals(told.get(0).sourceOffset(), record.sourceOffset());
    }

    driver.close();
    @SuppressWarnings("unchecked")
    Map<String, Object> last = (Map<String, Object>) end.sourceOffset();
    stored.put(THIRD, last);
    assertEquals(List.of(), firstPoll());
  }

  @Test
  void aGapThatAFormerTaskLeftOpenIsToldThoughItsConnectionWasClosed() throws Exception {
    stored.put(THIRD, new FeedDriver().open("X").pong(START).close("gone").state.offset().toMap());
    List<SourceRecord> told = firstPoll();

    assertEquals(
        List.of("gap", "unsubscribed"),
        told.stream().map(record -> field(record, "event")).toList());
    assertEquals(List.of("X"), field(told.get(0), "symbols"));
  }

  @Test
  void aSymbolThatAFormerTaskWasGivingUpIsPartOfItsGap() throws Exception {
    FeedDriver former = new FeedDriver().open("X", "Y").pong(START).after(3_000);
    stored.put(THIRD, former.change(List.of(), List.of("X")).state.offset().toMap());
    List<Object> missed =
        firstPoll().stream()
            .filter(record -> "gap".equals(field(record, "event")))
            .map(record -> field(record, "symbols"))
            .toList();

    assertEquals(List.of(List.of("Y"), List.of("X")), missed);
  }

  @Test
  void onlyTheFirstTaskTellsAndOnlyOfItsOwnFeedAndOfTasksThatAreNoMore() throws Exception {
    stored.put(ANOTHER_FEEDS, killedWithTrades());
    assertEquals(List.of(), firstPoll());

    driver.close();
    stored.put(FeedOffset.partition("test", 1), killedWithTrades());
    assertEquals(List.of(), firstPoll("feed.token", "a,b"));

    driver.close();
    stored.put(THIRD, killedWithTrades());
    List<SourceRecord> ofSecond = firstPoll("feed.token", "a,b", "task.index", "1");
    assertFalse(ofSecond.stream().anyMatch(record -> record.sourcePartition().equals(THIRD)));
  }

  @Test
  void aTaskThatIsBackGoesOnAboveTheIdentitiesItHad() throws Exception {
    stored.put(THIRD, killedWithTrades());
    @SuppressWarnings("unchecked")
    Map<String, Object> last = (Map<String, Object>) firstPoll().get(0).sourceOffset();
    FeedDriver back = FeedDriver.resumed(FeedOffset.fromMap(last), START - 60_000).open("X");
    back.pong(back.wall);

    assertTrue(back.connections().get(0) > START * 1_000);
    assertEquals(List.of(), back.gaps());
  }
}
