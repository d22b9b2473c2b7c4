package org.ratehouse.flink;

/**
 * MACD(12, 26, 9) after one bar, in TA-Lib's convention: the slow average is seeded by the mean of
 * the first 26 closes, the fast one by that of closes 15 to 26, the signal by the mean of the first
 * 9 MACD values; all three are known from bar 34 on. Holds all that the next bar needs, and is kept
 * in state.
 */
public class MacdBar {
  static final int FAST = 12;
  static final int SLOW = 26;
  static final int SIGNAL = 9;

  /** The first bar of which all three values are known. */
  static final int FIRST = SLOW + SIGNAL - 1;

  /** Where the bar's window starts, epoch milliseconds. */
  public long windowStart;

  /** The bar's number, from 1. */
  public long bar;

  /** Averages; until they are seeded, the sums of what will seed them. */
  public double fast;

  public double slow;
  public double signal;

  double macd() {
    return fast - slow;
  }

  /**
   * @param before the bar before, or null for a symbol's first
   */
  static MacdBar after(MacdBar before, long windowStart, double close) {
    MacdBar next = new MacdBar();
    next.windowStart = windowStart;
    next.bar = before == null ? 1 : before.bar + 1;
    double fast = before == null ? 0 : before.fast;
    double slow = before == null ? 0 : before.slow;
    double signal = before == null ? 0 : before.signal;
    next.slow = average(slow, close, next.bar, SLOW, SLOW);
    next.fast = next.bar <= SLOW - FAST ? 0 : average(fast, close, next.bar, FAST, SLOW);
    next.signal = next.bar < SLOW ? 0 : average(signal, next.macd(), next.bar, SIGNAL, FIRST);
    return next;
  }

  /** One step of an average of `length` values whose seed ends with bar `seeded`. */
  private static double average(double held, double value, long bar, int length, int seeded) {
    if (bar < seeded) {
      return held + value;
    }
    if (bar == seeded) {
      return (held + value) / length;
    }
    return (value - held) * (2.0 / (length + 1)) + held;
  }
}
