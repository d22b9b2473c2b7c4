package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** The whole way from a real server to what the worker is given. */
class FeedFlowTest extends TaskAndVenueTest {

  /** Makes a frame large, so that few of them fill every buffer on the way. */
  private static final String FILLER = "x".repeat(20_000);

  private void start(Map<String, ?> offset, String... namesAndValues) {
    Map<String, String> properties = TestOptions.properties(namesAndValues);
    properties.putIfAbsent("backoff.initial.ms", "10");
    if (properties.get("feed.url").equals(TestOptions.NOWHERE)) {
      properties.put("feed.url", venue.url());
    }
    driver = new TaskDriver(offset, properties);
  }

  private static String large(long price) {
    return "{\"data\":[{\"s\":\"A\",\"p\":%d,\"t\":1700000000000,\"v\":1}],\"x\":\"%s\",\"type\":\"trade\"}"
        .formatted(price, FILLER);
  }

  private List<Long> prices() {
    return driver.trades().stream()
        .map(trade -> ((BigDecimal) trade.get("price")).longValueExact())
        .toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void whileNobodyPollsTheServerIsNotReadAndNothingIsLost() throws Exception {
    int frames = 1_500;
    AtomicBoolean sent = new AtomicBoolean();
    venue.whenSubscribed(
        client -> {
          for (int i = 1; i <= frames; i++) {
            client.send(large(i));
          }
          sent.set(true);
        });
    start(null, "queue.max.trades", "10", "queue.max.bytes", "1000000", "watchdog.ms", "60000");
    Await.until("the server is done", sent::get);

    assertTrue(venue.client(0).hasBufferedData());
    driver.pollUntil("all trades are in", () -> driver.trades().size() >= frames);
    assertEquals(range(1, frames), prices());
    assertEquals(List.of(), driver.gaps());
    assertEquals(1, driver.events("connected").size());
  }

  @Test
  void aTaskThatIsStoppedUnderLoadLosesNothingOutsideTheGapThatTheNextOneReports()
      throws Exception {
    Map<Long, Long> sentAt = new ConcurrentHashMap<>();
    AtomicBoolean flooding = new AtomicBoolean(true);
    venue.whenSubscribed(
        client -> {
          for (long i = 1; flooding.get() && client.isOpen() && i <= 3_000; i++) {
            sentAt.put(i, System.currentTimeMillis());
            client.send(large(i));
          }
        });
    start(null, "queue.max.trades", "50", "queue.max.bytes", "500000", "ping.interval.ms", "20");
    driver.pollUntil("some trades are written", () -> driver.trades().size() >= 500);
    Await.until("all is full", () -> venue.client(0).hasBufferedData());
    flooding.set(false);
    Set<Long> written = new HashSet<>(prices());
    Map<String, ?> committed = driver.lastOffset();
    driver.close();

    venue.whenSubscribed(client -> {});
    start(committed);
    driver.pollUntil("a gap is told", () -> !driver.gapsOf("A").isEmpty());
    Struct gap = driver.gapsOf("A").get(0);
    long from = ((Date) gap.get("gap_from")).getTime();
    long to = ((Date) gap.get("gap_to")).getTime();
    sentAt.keySet().removeAll(written);
    assertFalse(sentAt.isEmpty());
    sentAt.forEach((price, at) -> assertTrue(from <= at && at < to, price + " sent at " + at));
  }

  @Test
  void aFrameThatIsNotToleratedFailsTheTaskAfterWhatCameBefore() throws Exception {
    venue.whenSubscribed(
        client -> {
          client.send(VenueServer.trades("A", 1, 3));
          client.send("?");
        });
    start(null, "errors.tolerance", "none");
    ConnectException failure = failure();

    assertEquals(range(1, 3), prices());
    assertTrue(failure.getMessage().contains("BAD_FRAME"), failure.getMessage());
    assertThrows(ConnectException.class, () -> driver.task.poll(), "it stays failed");
  }

  @Test
  void aTaskThatFindsNoServerForTooLongFailsWithTheReason() throws Exception {
    start(null, "feed.url", "ws://127.0.0.1:2/", "connect.retry.timeout.ms", "200");

    String message = failure().getMessage();
    assertTrue(message.contains("gives up"), message);
    assertTrue(message.contains("nothing accepts a connection there"), message);
  }

  @Test
  void aTaskWhoseTokenIsRefusedFailsWithoutNamingIt() throws Exception {
    HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    http.start();
    try {
      start(null, "feed.url", "ws://127.0.0.1:" + http.getAddress().getPort() + "/");
      String message = failure().getMessage();
      assertTrue(message.contains("The token of feed test was refused"), message);
      assertFalse(message.contains(TestOptions.TOKEN), message);
    } finally {
      http.stop(0);
    }
  }

  private ConnectException failure() {
    return assertThrows(ConnectException.class, () -> driver.pollUntil("it fails", () -> false));
  }

  @Test
  void aTaskThatCannotStartLeavesNothingRunning() {
    Map<String, String> properties = TestOptions.properties("feed.tls.ca.file", "/nowhere.pem");
    assertThrows(RuntimeException.class, () -> new TaskDriver(null, properties));

    assertNull(threadNamed("feed-reader-test-0"));
  }

  private static Thread threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Test
  void aStoppedTaskLeavesNoThreadOfTheFeed() throws Exception {
    start(null);
    driver.pollUntil("it is subscribed", () -> !driver.events("subscribed").isEmpty());
    driver.close();

    Await.until("the reader is gone", () -> threadNamed("feed-reader-test-0") == null);
    Await.until("the pinger is gone", () -> threadNamed("feed-pinger") == null);
  }

  @Test
  void everyTradeIsTakenInOnceOverHandOversWhileTradesFlow() throws Exception {
    try (NumberedTrades trades = new NumberedTrades(venue)) {
      trades.begin();
      start(null, NumberedTrades.options("connection.life.ms", "200"));
      driver.pollUntil("it was handed over", () -> driver.events("disconnected").size() >= 3);
    }

    assertEquals(range(prices().get(0), prices().get(0) + prices().size() - 1), prices());
    assertEquals(List.of(), driver.gaps());
    assertTrue(
        driver.events("disconnected").stream()
            .allMatch(event -> event.getString("reason").startsWith("handed over")));
  }

  @Test
  void aConnectionThatDiesWhileItIsHandedOverLosesNothingOutsideItsGapAndDoublesNothing()
      throws Exception {
    try (NumberedTrades trades = new NumberedTrades(venue)) {
      trades.whenTheSecondSubscribes(first -> first.closeConnection(1006, "died"));
      trades.begin();
      start(null, NumberedTrades.options("connection.life.ms", "200"));
      driver.pollUntil("the gap is told", () -> !driver.gaps().isEmpty());
      int before = driver.trades().size();
      driver.pollUntil("trades flow", () -> driver.trades().size() > before + 10);
    }

    List<Long> ids = prices();
    assertEquals(ids.size(), new HashSet<>(ids).size());
    for (int i = 1; i < ids.size(); i++) {
      long expected = ids.get(i - 1) + 1;
      boolean told =
          driver.gaps().stream()
              .anyMatch(gap -> ("" + expected).equals(gap.get("first_missing_id")));
      assertTrue(ids.get(i) == expected || told, "after " + ids.get(i - 1) + ": " + ids.get(i));
    }
  }

  @Test
  void aServerThatClosesAgainAndAgainLosesNothingOutsideTheGaps() throws Exception {
    int connections = 20;
    venue.whenSubscribed(
        client -> {
          client.send(VenueServer.trades("A", 1, 5));
          client.close(1001);
        });
    start(null);
    driver.pollUntil(
        "it connected so often", () -> driver.events("disconnected").size() >= connections);

    for (Struct end : driver.events("disconnected")) {
      assertEquals(5L, end.get("last_sequence"), "" + end);
    }
    assertTrue(driver.gaps().size() >= connections - 1);
  }
}
