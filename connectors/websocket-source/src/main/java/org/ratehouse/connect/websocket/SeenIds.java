package org.ratehouse.connect.websocket;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which ids of one symbol came on a connection, exactly, as runs of ids without a hole. All are
 * kept while a hand-over is on its way. Before, only the newest run is, which is enough for a
 * second connection whose server lags behind the first one's, and costs nothing.
 */
final class SeenIds {

  /** The run that grows; empty while its end is {@link TradeIds#NONE}. */
  private long from = TradeIds.NONE;

  private long to = TradeIds.NONE;
  private long highest = TradeIds.NONE;

  /** The runs before it, first id to last, none overlapping. Null while none is kept. */
  private TreeMap<Long, Long> earlier;

  /** From now on every run is kept. */
  void keepAll() {
    if (earlier == null) {
      earlier = new TreeMap<>();
    }
  }

  void add(long id) {
    if (id != to + 1 || to == TradeIds.NONE) {
      keepRun();
      from = id;
    }
    to = id;
    highest = Math.max(highest, id);
  }

  /** Joined with those that it overlaps, so that a look finds one run at most. */
  private void keepRun() {
    if (earlier == null || to == TradeIds.NONE) {
      return;
    }
    Map.Entry<Long, Long> before = earlier.floorEntry(from);
    long first = before != null && before.getValue() >= from ? before.getKey() : from;
    long last = to;
    SortedMap<Long, Long> within = earlier.subMap(first, true, to, true);
    for (long end : within.values()) {
      last = Math.max(last, end);
    }
    within.clear();
    earlier.put(first, last);
  }

  boolean contains(long id) {
    if (id >= from && id <= to) {
      return true;
    }
    Map.Entry<Long, Long> run = earlier == null ? null : earlier.floorEntry(id);
    return run != null && id <= run.getValue();
  }

  /** The highest id that came; {@link TradeIds#NONE} when none did. */
  long highest() {
    return highest;
  }
}
