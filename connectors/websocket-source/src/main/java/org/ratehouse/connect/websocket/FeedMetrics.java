package org.ratehouse.connect.websocket;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a feed's task shows over JMX, beside Kafka Connect's own metrics of it (KIP-877). One thread
 * feeds it, the reader; it gathers in plain fields, and {@link #publish} hands over at most a few
 * times a second. The worker removes what was registered when the task ends.
 */
final class FeedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(FeedMetrics.class);
  private static final long PUBLISH_EVERY_MS = 250;

  private final PluginMetrics registry;
  // The worker's registry knows sensors by name alone, whoever registers them: under a plain name
  // the
  // tasks of one worker would share them, each counting for all.
  private final String life = UUID.randomUUID().toString();
  private final LagWindow lag = new LagWindow();
  private Sensor frames;
  private Sensor bytes;
  private Sensor trades;
  private Sensor refused;
  private Sensor reconnects;
  private Sensor gaps;
  private Sensor stalls;
  private volatile int connected;

  private long newFrames;
  private long newBytes;
  private long newTrades;
  private long newRefused;
  private double lagSumMs;
  private double lagMaxMs = Double.NEGATIVE_INFINITY;
  private boolean hasConnected;
  private long publishedAt = Long.MIN_VALUE;

  private FeedMetrics(PluginMetrics registry) {
    this.registry = registry;
  }

  /**
   * Registers a task's metrics.
   *
   * @param registry of the task's context; null where there is none, as in tests: nothing is shown
   * @param queueTrades how many trades wait for the worker just now; called from any thread
   * @param queueBytes of how many bytes of frames; called from any thread
   */
  static FeedMetrics of(PluginMetrics registry, LongSupplier queueTrades, LongSupplier queueBytes) {
    if (registry == null) {
      return new FeedMetrics(null);
    }
    FeedMetrics metrics = new FeedMetrics(registry);
    try {
      metrics.register(queueTrades, queueBytes);
      return metrics;
    } catch (IllegalArgumentException | IllegalStateException e) {
      // For example a former task of the same name that has not come to its end: no reason to lose
      // trades.
      LOG.warn("The feed runs without metrics, for they cannot be registered: {}", e.getMessage());
      return new FeedMetrics(null);
    }
  }

  private void register(LongSupplier queueTrades, LongSupplier queueBytes) {
    frames = meter("frame", "frames received, readable or not");
    bytes = meter("byte", "bytes of frames received");
    trades = meter("trade", "trades taken in that fulfil the contract");
    refused = meter("refused", "trades and frames that went to the dead-letter topic");
    reconnects = total("reconnect-total", "Connections opened after the task's first one.");
    gaps = total("gap-seconds-total", "Seconds of all gaps reported, padding included.");
    stalls = total("stall-total", "Times that a watchdog found the connection or a symbol silent.");
    gauge("queue-trades", "Trades that wait for the worker.", (c, now) -> queueTrades.getAsLong());
    gauge(
        "queue-bytes",
        "Bytes of frames whose trades wait for the worker.",
        (c, now) -> queueBytes.getAsLong());
    gauge("connected", "1 while a connection is open, else 0.", (c, now) -> connected);
    gauge(
        "event-lag-ms-avg",
        "Mean time from a trade's event_time to its received_at, over the last minute.",
        (c, now) -> lag.averageMs(now));
    gauge(
        "event-lag-ms-max",
        "Largest time from a trade's event_time to its received_at, over the last minute.",
        (c, now) -> lag.maxMs(now));
  }

  /** A whole frame was received. */
  void frame(long sizeBytes) {
    newFrames++;
    newBytes += sizeBytes;
  }

  /** The state yielded these, in this order: each output is to be given once. */
  void outputs(List<FeedOutput> outputs) {
    for (FeedOutput output : outputs) {
      if (output instanceof FeedOutput.Trade trade) {
        newTrades++;
        long lagMs = trade.receivedAt() - trade.eventTime();
        lagSumMs += lagMs;
        lagMaxMs = Math.max(lagMaxMs, lagMs);
      } else if (output instanceof FeedOutput.Refused) {
        newRefused++;
      } else if (output instanceof FeedOutput.Event event) {
        event(event);
      }
    }
  }

  private void event(FeedOutput.Event event) {
    switch (event.kind()) {
      case CONNECTED -> {
        connected = 1;
        record(reconnects, hasConnected ? 1 : 0);
        hasConnected = true;
      }
      case DISCONNECTED -> connected = 0;
      case STALLED -> record(stalls, 1);
      case GAP -> record(gaps, (event.gap().toMillis() - event.gap().fromMillis()) / 1_000.0);
      default -> {
        // The others are no metric.
      }
    }
  }

  /**
   * Shows what was gathered; to be called after every turn of the reader, for it does so only when
   * some time has passed.
   */
  void publish(Moment now) {
    if (publishedAt != Long.MIN_VALUE && now.steadyMillis() - publishedAt < PUBLISH_EVERY_MS) {
      return;
    }
    publishedAt = now.steadyMillis();
    record(frames, newFrames);
    record(bytes, newBytes);
    record(trades, newTrades);
    record(refused, newRefused);
    lag.record(lagSumMs, newTrades, lagMaxMs, now.wallMillis());
    newFrames = 0;
    newBytes = 0;
    newTrades = 0;
    newRefused = 0;
    lagSumMs = 0;
    lagMaxMs = Double.NEGATIVE_INFINITY;
  }

  private static void record(Sensor sensor, double value) {
    if (sensor != null && value != 0) {
      sensor.record(value);
    }
  }

  private Sensor meter(String name, String what) {
    Sensor sensor = registry.addSensor(name + "-" + life);
    sensor.add(
        new Meter(
            name(name + "-rate", "Per second, over the last minute: " + what + "."),
            name(name + "-total", "Since the task started: " + what + ".")));
    return sensor;
  }

  private Sensor total(String name, String description) {
    Sensor sensor = registry.addSensor(name + "-" + life);
    sensor.add(name(name, description), new CumulativeSum());
    return sensor;
  }

  private void gauge(String name, String description, Measurable measurable) {
    registry.addMetric(name(name, description), measurable);
  }

  private MetricName name(String name, String description) {
    return registry.metricName(name, description, new LinkedHashMap<>());
  }
}
