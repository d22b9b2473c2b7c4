package org.ratehouse.connect.websocket;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** The task against a real WebSocket server. */
class WebSocketSourceTaskTest extends TaskAndVenueTest {

  private TaskDriver start(Map<String, ?> offset, String... namesAndValues) {
    Map<String, String> properties = TestOptions.properties(namesAndValues);
    properties.put("feed.url", venue.url());
    properties.put("backoff.initial.ms", "10");
    properties.putIfAbsent("ping.interval.ms", "50");
    driver = new TaskDriver(offset, properties);
    return driver;
  }

  @Test
  void tradesComeOutInOrderEachWithItsIdentity() throws Exception {
    venue.whenSubscribed(
        client -> {
          for (int i = 0; i < 100; i++) {
            client.send(VenueServer.trades(i % 2 == 0 ? "A" : "B", i * 10 + 1, 10));
          }
        });
    start(null);
    driver.pollUntil("all trades are in", () -> driver.trades().size() >= 1_000);

    List<Struct> trades = driver.trades();
    List<Long> wanted = LongStream.rangeClosed(1, 1_000).boxed().toList();
    assertEquals(wanted, trades.stream().map(trade -> trade.getInt64("sequence")).toList());
    assertEquals(
        wanted,
        trades.stream().map(trade -> ((BigDecimal) trade.get("price")).longValueExact()).toList());
    assertEquals(
        1, new HashSet<>(trades.stream().map(t -> t.get("connection_id")).toList()).size());
    assertEquals(100L, trades.get(999).get("frame"));
    assertEquals(9, trades.get(999).get("position"));
    assertEquals(
        List.of(
            "{\"type\":\"subscribe\",\"symbol\":\"A\"}",
            "{\"type\":\"subscribe\",\"symbol\":\"B\"}"),
        venue.received);
    assertEquals(List.of("/?token=s3cret%2Ft0ken"), venue.requests);
  }

  @Test
  void aRecordHasItsKeyItsTimeAndTheOffsetOfItsPoll() throws Exception {
    venue.whenSubscribed(client -> client.send(VenueServer.trades("A", 1, 3)));
    start(null);
    driver.pollUntil("the trades are in", () -> driver.trades().size() == 3);

    SourceRecord trade =
        driver.records.stream().filter(r -> r.topic().equals("trades")).findFirst().orElseThrow();
    assertEquals("A", trade.key());
    assertEquals(((Date) ((Struct) trade.value()).get("received_at")).getTime(), trade.timestamp());
    assertEquals(Map.of("feed", "test"), trade.sourcePartition());
    assertEquals(3L, trade.sourceOffset().get("last_sequence"));
    assertNull(trade.kafkaPartition());
    SourceRecord event = driver.records.get(0);
    assertEquals("test", event.key());
    assertEquals(((Date) ((Struct) event.value()).get("occurred_at")).getTime(), event.timestamp());
  }

  private boolean isSubscribed(String symbol) {
    return driver.events("subscribed").stream()
        .anyMatch(event -> event.getArray("symbols").contains(symbol));
  }

  @Test
  void aServerThatHangsUpIsConnectedToAgainAndTheGapIsTold() throws Exception {
    venue.whenSubscribed(client -> client.send(VenueServer.trades("A", 1, 1)));
    start(null);
    driver.pollUntil("a trade is in", () -> driver.trades().size() == 1);
    driver.pollUntil("B is live", () -> isSubscribed("B"));
    venue.client(0).closeConnection(1006, "abort");
    // The trade may show A to be live before the first pong shows both.
    driver.pollUntil("the gap of A is told", () -> !driver.gapsOf("A").isEmpty());
    driver.pollUntil("the gap of B is told", () -> !driver.gapsOf("B").isEmpty());
    driver.pollUntil("trades flow again", () -> driver.trades().size() >= 2);

    Struct end = driver.events("disconnected").get(0);
    assertTrue(end.getBoolean("closed"));
    assertEquals(1L, end.get("last_sequence"));
    for (String symbol : List.of("A", "B")) {
      Struct gap = driver.gapsOf(symbol).get(0);
      assertEquals(end.get("reason"), gap.get("reason"));
      assertTrue(((Date) gap.get("gap_from")).before((Date) end.get("occurred_at")));
      assertTrue(((Date) gap.get("gap_to")).after((Date) end.get("occurred_at")));
    }
    Struct again = driver.trades().get(1);
    assertEquals(1L, again.get("sequence"));
    assertTrue(again.getInt64("connection_id") > end.getInt64("connection_id"));
  }

  @Test
  void garbageGoesToTheDeadLettersAndTheStreamGoesOn() throws Exception {
    venue.whenSubscribed(
        client -> {
          client.send("garbage with " + TestOptions.TOKEN);
          client.send(new byte[] {1, 2, 3});
          client.send("{\"type\":\"trade\",\"data\":[{\"s\":\"A\",\"p\":-1,\"t\":1,\"v\":1}]}");
          client.send(VenueServer.trades("A", 1, 1));
        });
    start(null);
    driver.pollUntil("the trade is in", () -> driver.trades().size() == 1);

    List<Struct> refused = driver.of("trades-dlq");
    assertEquals(
        List.of("BAD_FRAME", "BAD_FRAME", "BAD_PRICE"),
        refused.stream().map(letter -> letter.get("reason")).toList());
    assertEquals("garbage with ***", refused.get(0).get("payload"));
    assertEquals("AQID", refused.get(1).get("payload"));
    assertEquals(1L, refused.get(2).get("sequence"));
    assertEquals(2L, driver.trades().get(0).get("sequence"));
    assertEquals(4L, driver.trades().get(0).get("frame"));
  }

  @Test
  void aRestartedTaskClosesTheConnectionBeforeItAndTellsTheGap() throws Exception {
    venue.whenSubscribed(client -> client.send(VenueServer.trades("A", 1, 2)));
    start(null);
    driver.pollUntil("the trades are in", () -> driver.trades().size() >= 2);
    Map<String, ?> committed = driver.lastOffset();
    driver.close();

    start(committed);
    driver.pollUntil("a gap is told", () -> !driver.gapsOf("A").isEmpty());
    Struct end = driver.events("disconnected").get(0);
    assertEquals(committed.get("connection_id"), end.get("connection_id"));
    assertEquals(2L, end.get("last_sequence"));
    assertEquals("task restarted", end.get("reason"));
  }

  @Test
  void aSymbolThatAnotherTaskHadIsMissedSinceThatOneHadIt() throws Exception {
    List<String> share = Shares.of(List.of("A", "B", "C", "D", "E", "F"), 1, 2);
    FeedDriver other = new FeedDriver().open(share.get(0)).pong(FeedDriver.START);
    Map<String, String> properties =
        TestOptions.properties(
            "feed.token", "a,b",
            "task.index", "1",
            "feed.symbols", String.join(",", share),
            "ping.interval.ms", "50");
    properties.put("feed.url", venue.url());
    driver =
        TaskDriver.withOffsets(
            Map.of(FeedOffset.partition("test"), other.state.offset().toMap()), properties);
    driver.pollUntil("a gap is told", () -> !driver.gapsOf(share.get(0)).isEmpty());

    assertEquals(
        new Date(FeedDriver.START - 1_000), driver.gapsOf(share.get(0)).get(0).get("gap_from"));
  }

  @Test
  void aSilentFeedIsLeftAndConnectedToAgain() throws Exception {
    start(null, "watchdog.ms", "200");
    driver.pollUntil("it connected again", () -> driver.events("connected").size() >= 2);

    assertFalse(driver.events("stalled").isEmpty());
    assertTrue(driver.events("disconnected").get(0).getString("reason").contains("stalled"));
  }

  @Test
  void countsAreWrittenAlsoWhenNothingFlows() throws Exception {
    start(null, "counts.interval.ms", "50", "ping.interval.ms", "60000");
    driver.pollUntil("counts came", () -> driver.events("counts").size() == 3);

    assertEquals(0L, driver.events("counts").get(2).get("frames"));
  }

  @Test
  void aTaskThatIsStoppedSaysGoodByeAndItsPollEnds() throws Exception {
    start(null);
    driver.pollUntil("it is subscribed", () -> driver.events("subscribed").size() == 1);
    driver.close();

    Await.until("the server heard it", () -> venue.closeCodes.equals(List.of(1000)));
    assertTimeoutPreemptively(ofSeconds(10), () -> driver.pollUntil("nothing is left", () -> true));
    assertNull(driver.task.poll());
  }

  @Test
  void aWorkerThatDoesNotWriteWhatItWasGivenIsInterruptedAndFailsAtItsNextPoll() throws Exception {
    start(null, "worker.timeout.ms", "1000");
    driver.pollUntil("it was given records", () -> !driver.records.isEmpty());
    // As a converter whose registry does not answer, and which swallows the interrupt.
    assertThrows(InterruptedException.class, () -> Await.until("an answer comes", () -> false));

    String reason = assertThrows(ConnectException.class, driver.task::poll).getMessage();
    assertTrue(reason.contains("worker.timeout.ms"), reason);
  }

  @Test
  void aWorkerThatCommittedWhatItWasGivenIsLeftAlone() throws Exception {
    start(null, "worker.timeout.ms", "1000");
    driver.pollUntil("it was given records", () -> !driver.records.isEmpty());
    driver.task.commit();
    // As a connector that is paused for longer than the worker may take.
    long pausedUntil = Moment.now().steadyMillis() + 2_000;
    Await.until("the pause is over", () -> Moment.now().steadyMillis() > pausedUntil);

    driver.pollUntil("it is subscribed", () -> driver.events("subscribed").size() == 1);
  }

  @Test
  void noRecordAndNoOffsetHoldsTheToken() throws Exception {
    venue.whenSubscribed(
        client -> {
          client.send("{\"type\":\"" + TestOptions.TOKEN + "\"}");
          client.close(1008, "bad token " + TestOptions.TOKEN);
        });
    start(null);
    driver.pollUntil("it was closed", () -> driver.events("disconnected").size() >= 1);

    // It may have been connected to again by now, and have said the same.
    assertFalse(driver.of("trades-dlq").isEmpty());
    assertFalse(driver.records.toString().contains(TestOptions.TOKEN));
    assertTrue(driver.events("disconnected").get(0).getString("reason").contains("bad token ***"));
  }
}
