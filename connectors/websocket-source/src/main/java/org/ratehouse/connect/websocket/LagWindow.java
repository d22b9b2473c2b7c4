package org.ratehouse.connect.websocket;

import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.WindowedSum;

/**
 * The mean and the largest lag of the trades of the last window (Kafka's own: two samples of 30 s),
 * fed with sums. A sensor of Kafka takes one value at a time, which for every trade would cost more
 * than the trade's own way through the feed.
 */
final class LagWindow {

  private static final MetricConfig WINDOW = new MetricConfig();

  private final WindowedSum sums = new WindowedSum();
  private final WindowedSum trades = new WindowedSum();
  private final Max max = new Max();

  /**
   * Takes in some trades' lags.
   *
   * @param sumMs of all of them
   * @param count how many; none changes nothing
   * @param maxMs the largest
   */
  synchronized void record(double sumMs, long count, double maxMs, long nowMillis) {
    if (count > 0) {
      sums.record(WINDOW, sumMs, nowMillis);
      trades.record(WINDOW, count, nowMillis);
      max.record(WINDOW, maxMs, nowMillis);
    }
  }

  /** In milliseconds; NaN when the window has no trade. */
  synchronized double averageMs(long nowMillis) {
    double count = trades.measure(WINDOW, nowMillis);
    return count == 0 ? Double.NaN : sums.measure(WINDOW, nowMillis) / count;
  }

  /** In milliseconds; NaN when the window has no trade. */
  synchronized double maxMs(long nowMillis) {
    return max.measure(WINDOW, nowMillis);
  }
}
