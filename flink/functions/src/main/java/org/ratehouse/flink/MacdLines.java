package org.ratehouse.flink;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which generation of candles one symbol's MACD goes by: the newest. While a new one catches up,
 * beginning with old minutes, the one before it goes on, so that the newest minutes are not missed;
 * it is let go once the new one has reached it. Pure.
 */
final class MacdLines {
  private final TreeMap<Integer, MacdLine> lines;

  MacdLines(Map<Integer, MacdLine> held) {
    lines = new TreeMap<>(held);
  }

  /**
   * @return the bar that the candle makes; null when a newer generation has taken over, or when the
   *     candle is older than what its line may still revise
   */
  MacdBar take(int generation, long windowStart, double close) {
    if (!lines.isEmpty() && generation < lines.firstKey()) {
      return null;
    }
    if (!lines.containsKey(generation)) {
      if (!lines.isEmpty() && generation < lines.lastKey()) {
        return null;
      }
      // A third: the second had not caught up, and is overtaken.
      if (lines.size() == 2) {
        lines.pollLastEntry();
      }
      lines.put(generation, new MacdLine());
    }
    MacdBar bar = lines.get(generation).take(windowStart, close);
    if (lines.size() == 2 && reached(lines.lastEntry().getValue(), lines.firstEntry().getValue())) {
      lines.pollFirstEntry();
    }
    return bar;
  }

  private static boolean reached(MacdLine newer, MacdLine older) {
    return newer.newest() != null && newer.newest().windowStart >= older.newest().windowStart;
  }

  /** What is to be kept. */
  Map<Integer, MacdLine> held() {
    return lines;
  }
}
