package org.ratehouse.flink;

/**
 * The bars of one symbol that one generation of the job before wrote. Kept in state: the newest
 * bars, as many as that job may still revise, and one before them.
 */
public class MacdLine {
  /** A candle is final five seconds past its minute, so the newest two may come again. */
  static final int HELD = 3;

  /** Oldest first. */
  public MacdBar[] bars = {};

  /** The newest bar; null when there is none. */
  MacdBar newest() {
    return bars.length == 0 ? null : bars[bars.length - 1];
  }

  /**
   * Takes a candle in: of the next bar, or of one that is held, which it then replaces; bars after
   * that one are dropped, for their candles come again too.
   *
   * @return the bar, or null for a candle that is older than what is held
   */
  MacdBar take(long windowStart, double close) {
    int kept = bars.length;
    while (kept > 0 && bars[kept - 1].windowStart >= windowStart) {
      kept--;
    }
    boolean isFirst = kept == 0 && (bars.length == 0 || bars[0].bar == 1);
    if (kept == 0 && !isFirst) {
      return null;
    }
    MacdBar next = MacdBar.after(kept == 0 ? null : bars[kept - 1], windowStart, close);
    int from = Math.max(0, kept + 1 - HELD);
    MacdBar[] now = new MacdBar[kept + 1 - from];
    System.arraycopy(bars, from, now, 0, now.length - 1);
    now[now.length - 1] = next;
    bars = now;
    return next;
  }
}
