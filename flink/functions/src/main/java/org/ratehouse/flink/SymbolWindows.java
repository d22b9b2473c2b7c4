package org.ratehouse.flink;

import java.math.BigInteger;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The windows of one symbol: candles of a minute, and averages over 1 and 5 minutes that slide by
 * 15 seconds. Pure: state is handed in, and rows go to a sink.
 *
 * <p>Each symbol goes by its own trades, which are in one partition and in order of arrival, so the
 * result depends neither on other symbols nor on how partitions are read.
 */
final class SymbolWindows {
  static final long MINUTE = 60_000;
  static final long LONGEST = 5 * MINUTE;

  /** The slices of a symbol by where they begin; at the most those of the longest window. */
  interface Slices {
    Slice get(long start) throws Exception;

    void put(long start, Slice slice) throws Exception;

    void remove(long start) throws Exception;

    Iterable<Map.Entry<Long, Slice>> entries() throws Exception;
  }

  /** What is shown: windows that hold at least one trade, in the order of their ends. */
  interface Shown {
    void candle(long start, Slice trades);

    /**
     * @param minuteCloses prices at the end of the window's minutes, the newest first, each with
     *     the minute's number from 1; minutes without a trade are left out
     */
    void average(int minutes, long start, Slice trades, NavigableMap<Integer, Long> minuteCloses);
  }

  private final Slices slices;
  private final SymbolClock clock;
  private final Shown shown;

  SymbolWindows(Slices slices, SymbolClock clock, Shown shown) {
    this.slices = slices;
    this.clock = clock;
    this.shown = shown;
  }

  /**
   * Takes a trade in and shows what is final by it.
   *
   * @return whether it came in time for its candle
   */
  boolean trade(
      long price,
      long volume,
      BigInteger wideVolume,
      long eventTime,
      long received,
      long connectionId,
      long sequence)
      throws Exception {
    long start = SymbolClock.sliceOf(eventTime);
    long finalUpTo = clock.finalUpTo();
    if (start + LONGEST > finalUpTo) {
      Slice slice = slices.get(start);
      if (slice == null) {
        slice = new Slice();
      }
      if (wideVolume == null) {
        slice.add(price, volume, eventTime, connectionId, sequence);
      } else {
        slice.add(price, wideVolume, eventTime, connectionId, sequence);
      }
      slices.put(start, slice);
      // What was shown without this trade, and is not final, is shown again with it.
      clock.shownUpTo = Math.min(clock.shownUpTo, Math.max(start, finalUpTo));
    }
    if (eventTime > clock.newest) {
      clock.newest = eventTime;
      clock.newestReceived = received;
      show(clock.finalUpTo(), true);
    }
    return Math.floorDiv(eventTime, MINUTE) * MINUTE + MINUTE > finalUpTo;
  }

  /** Shows what is over by the clock of receipt, when no trade came that would have shown it. */
  void pass(long received) throws Exception {
    show(SymbolClock.endedBy(clock.eventTimeAt(received)), false);
  }

  /** The end of the first window that holds trades and was not shown; NONE when all were. */
  long nextEnd() throws Exception {
    long next = Long.MAX_VALUE;
    for (Map.Entry<Long, Slice> entry : slices.entries()) {
      long end = Math.max(entry.getKey(), clock.shownUpTo) + SymbolClock.STEP;
      if (end <= entry.getKey() + LONGEST) {
        next = Math.min(next, end);
      }
    }
    return next == Long.MAX_VALUE ? SymbolClock.NONE : next;
  }

  private void show(long upTo, boolean dropFinal) throws Exception {
    if (upTo <= clock.shownUpTo) {
      return;
    }
    TreeMap<Long, Slice> held = new TreeMap<>();
    for (Map.Entry<Long, Slice> entry : slices.entries()) {
      held.put(entry.getKey(), entry.getValue());
    }
    if (!held.isEmpty()) {
      long from = Math.max(clock.shownUpTo, held.firstKey()) + SymbolClock.STEP;
      long to = Math.min(upTo, held.lastKey() + LONGEST);
      for (long end = from; end <= to; end += SymbolClock.STEP) {
        showWindows(held, end);
      }
    }
    clock.shownUpTo = upTo;
    if (dropFinal) {
      for (long start : held.headMap(upTo - LONGEST, true).keySet()) {
        slices.remove(start);
      }
    }
  }

  private void showWindows(NavigableMap<Long, Slice> held, long end) {
    NavigableMap<Integer, Long> closes = new TreeMap<>();
    Slice all = new Slice();
    Slice minute = new Slice();
    for (Map.Entry<Long, Slice> entry : held.subMap(end - LONGEST, true, end, false).entrySet()) {
      Slice slice = entry.getValue();
      int number = (int) ((end - 1 - entry.getKey()) / MINUTE) + 1;
      closes.put(number, slice.last.price);
      all.append(slice);
      if (number == 1) {
        minute.append(slice);
      }
    }
    if (all.tradeCount == 0) {
      return;
    }
    if (minute.tradeCount > 0) {
      if (Math.floorMod(end, MINUTE) == 0) {
        shown.candle(end - MINUTE, minute);
      }
      shown.average(1, end - MINUTE, minute, closes.headMap(1, true));
    }
    shown.average(5, end - LONGEST, all, closes);
  }
}
