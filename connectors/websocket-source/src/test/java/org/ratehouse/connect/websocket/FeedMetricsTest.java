package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedMetricsTest {

  private static final long NOW = System.currentTimeMillis();

  private final Metrics registry = new Metrics();
  private final PluginMetricsImpl plugin = plugin("0");
  private final AtomicLong queueTrades = new AtomicLong();
  private final AtomicLong queueBytes = new AtomicLong();
  private final FeedMetrics metrics = FeedMetrics.of(plugin, queueTrades::get, queueBytes::get);
  private long steadyMillis = 1_000;

  @AfterEach
  void close() {
    registry.close();
  }

  private PluginMetricsImpl plugin(String task) {
    return new PluginMetricsImpl(registry, Map.of("connector", "trades-test", "task", task));
  }

  private Map<String, KafkaMetric> shownBy(String task) {
    return registry.metrics().values().stream()
        .filter(metric -> task.equals(metric.metricName().tags().get("task")))
        .collect(Collectors.toMap(metric -> metric.metricName().name(), metric -> metric));
  }

  private Object shown(String name) {
    return shownBy("0").get(name).metricValue();
  }

  /** Far enough on for it to be shown. */
  private void publish() {
    steadyMillis += 1_000;
    metrics.publish(new Moment(NOW, steadyMillis));
  }

  private static FeedOutput trade(long lagMs) {
    return new FeedOutput.Trade(
        "A",
        BigDecimal.ONE,
        BigDecimal.ONE,
        NOW - lagMs,
        NOW,
        new FeedOutput.Place(1, 1),
        1,
        0,
        null,
        List.of(),
        List.of());
  }

  private static FeedOutput refused() {
    return new FeedOutput.Refused(
        new FeedOutput.Place(1, 1), null, null, NOW, RefusalReason.BAD_FRAME, "", "");
  }

  private static FeedOutput event(FeedOutput.EventKind kind) {
    FeedOutput.Gap gap =
        kind == FeedOutput.EventKind.GAP ? new FeedOutput.Gap(NOW - 2_500, NOW) : null;
    return new FeedOutput.Event(1, kind, NOW, null, List.of("A"), gap, Counts.NONE, false);
  }

  @Test
  void everyFrameTradeAndRefusalIsCounted() {
    metrics.frame(100);
    metrics.frame(50);
    metrics.outputs(List.of(trade(1), trade(1), trade(1), refused()));
    publish();
    metrics.frame(7);
    metrics.outputs(List.of(trade(1)));
    publish();

    assertEquals(3.0, shown("frame-total"));
    assertEquals(157.0, shown("byte-total"));
    assertEquals(4.0, shown("trade-total"));
    assertEquals(1.0, shown("refused-total"));
    assertTrue((double) shown("trade-rate") > 0);
  }

  @Test
  void nothingOfWhatCameBetweenTwoPublicationsIsLost() {
    publish();
    for (int i = 0; i < 10; i++) {
      metrics.outputs(List.of(trade(1)));
      metrics.publish(new Moment(NOW, steadyMillis + i));
    }
    assertEquals(0.0, shown("trade-total"), "it is gathered, not recorded one by one");
    publish();

    assertEquals(10.0, shown("trade-total"));
  }

  @Test
  void theLagIsTheMeanAndTheLargestOverTrades() {
    metrics.outputs(List.of(trade(10), trade(20), trade(30)));
    publish();
    metrics.outputs(List.of(trade(100)));
    publish();

    assertEquals(40.0, shown("event-lag-ms-avg"));
    assertEquals(100.0, shown("event-lag-ms-max"));
  }

  @Test
  void aWindowWithoutTradesHasNoLag() {
    LagWindow window = new LagWindow();
    window.record(500, 5, 200, NOW);
    assertEquals(100, window.averageMs(NOW + 59_000));
    assertEquals(200, window.maxMs(NOW + 59_000));

    assertEquals(Double.NaN, window.averageMs(NOW + 120_000));
    assertEquals(Double.NaN, window.maxMs(NOW + 120_000));
  }

  @Test
  void connectionsGapsAndStallsAreSeen() {
    assertEquals(0.0, shown("connected"));
    metrics.outputs(List.of(event(FeedOutput.EventKind.CONNECTED)));
    assertEquals(1.0, shown("connected"));
    assertEquals(0.0, shown("reconnect-total"), "the first connection is none");

    metrics.outputs(
        List.of(event(FeedOutput.EventKind.STALLED), event(FeedOutput.EventKind.DISCONNECTED)));
    assertEquals(0.0, shown("connected"));
    metrics.outputs(
        List.of(event(FeedOutput.EventKind.CONNECTED), event(FeedOutput.EventKind.GAP)));

    assertEquals(1.0, shown("connected"));
    assertEquals(1.0, shown("reconnect-total"));
    assertEquals(1.0, shown("stall-total"));
    assertEquals(2.5, shown("gap-seconds-total"));
  }

  @Test
  void theQueueIsShownAsItIs() {
    queueTrades.set(3);
    queueBytes.set(4_096);

    assertEquals(3.0, shown("queue-trades"));
    assertEquals(4_096.0, shown("queue-bytes"));
  }

  @Test
  void tasksOfOneWorkerDoNotCountForEachOther() {
    FeedMetrics other = FeedMetrics.of(plugin("1"), () -> 0, () -> 0);
    metrics.outputs(List.of(trade(1)));
    publish();
    other.outputs(List.of(trade(1), trade(1)));
    other.publish(new Moment(NOW, steadyMillis));

    assertEquals(1.0, shown("trade-total"));
    assertEquals(2.0, shownBy("1").get("trade-total").metricValue());
  }

  @Test
  void theWorkerTakesEverythingAwayAtTheEndAndTheNextTaskBeginsAnew() throws Exception {
    metrics.outputs(List.of(trade(1)));
    publish();
    plugin.close();
    assertEquals(Map.of(), shownBy("0"));

    FeedMetrics.of(plugin("0"), () -> 0, () -> 0);
    assertEquals(0.0, shown("trade-total"));
  }

  @Test
  void aFormerTaskThatDoesNotEndDoesNotKeepTheNextFromRunning() {
    FeedMetrics next = FeedMetrics.of(plugin("0"), () -> 0, () -> 0);
    next.frame(1);
    next.outputs(List.of(trade(1), event(FeedOutput.EventKind.CONNECTED)));
    next.publish(new Moment(NOW, steadyMillis));

    assertEquals(0.0, shown("trade-total"));
  }

  @Test
  void aFeedRunsWithoutARegistry() {
    int before = registry.metrics().size();
    FeedMetrics none = FeedMetrics.of(null, () -> 0, () -> 0);
    none.frame(1);
    none.outputs(List.of(trade(1), event(FeedOutput.EventKind.GAP)));
    none.publish(new Moment(NOW, steadyMillis));

    assertEquals(before, registry.metrics().size());
  }

  @Test
  void namesFollowKafkasRulesAndEachIsExplained() {
    Pattern rule = Pattern.compile("[a-z]+(-[a-z]+)*");
    shownBy("0")
        .values()
        .forEach(
            metric -> {
              assertTrue(rule.matcher(metric.metricName().name()).matches());
              assertTrue(metric.metricName().description().endsWith("."));
            });
  }
}
