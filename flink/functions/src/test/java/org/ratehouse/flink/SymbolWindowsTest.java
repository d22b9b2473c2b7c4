package org.ratehouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SymbolWindowsTest {
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;

  /** By window and start, the newest row of each; and all rows, for those shown more than once. */
  private final Map<String, Long> counts = new TreeMap<>();

  private final Map<Long, String> candles = new TreeMap<>();
  private final List<String> rows = new ArrayList<>();
  private final Map<Long, Slice> slices = new TreeMap<>();
  private final SymbolClock clock = new SymbolClock();
  private final SymbolWindows windows =
      new SymbolWindows(
          new SymbolWindows.Slices() {
            @Override
            public Slice get(long start) {
              return slices.get(start);
            }

            @Override
            public void put(long start, Slice slice) {
              slices.put(start, slice);
            }

            @Override
            public void remove(long start) {
              slices.remove(start);
            }

            @Override
            public Iterable<Map.Entry<Long, Slice>> entries() {
              return new ArrayList<>(slices.entrySet());
            }
          },
          clock,
          new SymbolWindows.Shown() {
            @Override
            public void candle(long start, Slice t) {
              shown("candle", start, t.tradeCount);
              candles.put(start, t.first.price + " " + t.high + " " + t.low + " " + t.last.price);
            }

            @Override
            public void average(
                int minutes, long start, Slice t, NavigableMap<Integer, Long> closes) {
              shown(minutes + " minutes", start, t.tradeCount);
            }
          });
  private long sequence;

  private void shown(String window, long start, long tradeCount) {
    rows.add(window + " from " + start / SECOND);
    counts.put(window + " from " + start / SECOND, tradeCount);
  }

  private boolean trade(long price, long eventTime) throws Exception {
    return windows.trade(price, 1, null, eventTime, eventTime, 1, ++sequence);
  }

  @Test
  void openAndCloseGoByEventTimeAndThoseOfOneMomentByArrival() throws Exception {
    trade(2, 20 * SECOND);
    trade(3, 30 * SECOND);
    trade(9, 28 * SECOND);
    trade(1, 26 * SECOND);
    trade(4, 30 * SECOND);
    trade(0, 20 * SECOND);
    trade(5, 70 * SECOND);
    assertEquals("2 9 0 4", candles.get(0L));
  }

  @Test
  void aWindowIsFinalWhenTheNewestTradeIsFiveSecondsPastItsEnd() throws Exception {
    trade(1, 59 * SECOND);
    trade(1, 65 * SECOND - 2);
    assertFalse(counts.containsKey("candle from 0"));
    assertTrue(trade(1, 59 * SECOND));
    trade(1, 65 * SECOND - 1);
    assertEquals(2, counts.get("candle from 0"));
    assertFalse(trade(1, 59 * SECOND), "late for its candle");
    trade(1, 3 * MINUTE);
    assertEquals(2, counts.get("candle from 0"));
    assertEquals(5, counts.get("5 minutes from " + (120 - 300)), "not late for a longer window");
  }

  @Test
  void aSilentSymbolsWindowsAreShownByTheClockOfReceipt() throws Exception {
    trade(1, 50 * SECOND);
    assertEquals(60 * SECOND, windows.nextEnd());
    assertEquals(65 * SECOND - 1, clock.dueAt(windows.nextEnd()));
    windows.pass(65 * SECOND - 2);
    assertEquals(Map.of(), counts);
    windows.pass(65 * SECOND - 1);
    assertEquals(1, counts.get("candle from 0"));
    assertEquals(75 * SECOND, windows.nextEnd());
    windows.pass(10 * MINUTE);
    assertEquals(1, counts.get("5 minutes from 45"));
    assertEquals(SymbolClock.NONE, windows.nextEnd());
  }

  @Test
  void whatWasShownToSilenceIsShownAgainWhenATradeStillComes() throws Exception {
    trade(1, 50 * SECOND);
    windows.pass(10 * MINUTE);
    assertTrue(trade(2, 51 * SECOND));
    assertEquals(60 * SECOND, windows.nextEnd());
    windows.pass(10 * MINUTE);
    assertEquals(2, counts.get("candle from 0"));
    assertTrue(trade(3, 52 * SECOND));
    trade(4, 70 * SECOND);
    assertEquals(3, counts.get("candle from 0"));
  }

  @Test
  void aClockOfReceiptThatRunsAheadLosesNothing() throws Exception {
    Random random = new Random(7);
    long time = 0;
    long inTime = 0;
    for (int i = 0; i < 20_000; i++) {
      time += random.nextInt(3000);
      boolean late = random.nextInt(20) == 0;
      inTime += trade(1, time - (late ? random.nextInt(4900) : 0)) ? 1 : 0;
      if (random.nextInt(50) == 0) {
        windows.pass(time + random.nextInt(600_000));
      }
    }
    windows.pass(time + 10 * MINUTE);
    assertEquals(20_000, inTime);
    long inCandles =
        counts.entrySet().stream()
            .filter(each -> each.getKey().startsWith("candle"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertEquals(20_000, inCandles);
    assertTrue(slices.size() <= 21, "state is bounded: " + slices.size());
  }

  @Test
  void eachWindowIsShownOnceWhileTradesFlow() throws Exception {
    for (long time = 0; time < 20 * MINUTE; time += 500) {
      trade(1, time);
      windows.pass(time);
    }
    assertEquals(counts.size(), rows.size());
    assertEquals(60 * 2, counts.get("candle from 60"));
    assertEquals(60 * 2, counts.get("1 minutes from 45"));
    assertEquals(300 * 2, counts.get("5 minutes from 45"));
  }

  @Test
  void timesBefore1970AreTimesToo() throws Exception {
    trade(1, -61 * SECOND);
    trade(1, -59 * SECOND);
    trade(1, 10 * SECOND);
    assertEquals(1, counts.get("candle from -120"));
    assertEquals(1, counts.get("candle from -60"));
  }
}
