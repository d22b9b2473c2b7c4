package org.ratehouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class EdgePriceTest {
  private final FirstPrice first = new FirstPrice();
  private final LastPrice last = new LastPrice();

  private static void take(
      EdgePrice function,
      PriceAccumulator into,
      String price,
      long time,
      long connection,
      long sequence) {
    function.accumulate(
        into,
        DecimalData.fromBigDecimal(new BigDecimal(price), 18, 8),
        TimestampData.fromEpochMillis(time),
        connection,
        sequence);
  }

  private PriceAccumulator[] both(Object[]... trades) {
    PriceAccumulator open = first.createAccumulator();
    PriceAccumulator close = last.createAccumulator();
    for (Object[] t : trades) {
      take(first, open, (String) t[0], (long) t[1], (long) t[2], (long) t[3]);
      take(last, close, (String) t[0], (long) t[1], (long) t[2], (long) t[3]);
    }
    return new PriceAccumulator[] {open, close};
  }

  private void assertEdges(String open, String close, PriceAccumulator[] held) {
    assertEquals(new BigDecimal(open), first.getValue(held[0]).toBigDecimal());
    assertEquals(new BigDecimal(close), last.getValue(held[1]).toBigDecimal());
  }

  @Test
  void openAndCloseGoByEventTimeAlsoWhenTradesComeOutOfOrder() {
    assertEdges(
        "1.00000000",
        "3.00000000",
        both(
            new Object[] {"2", 20L, 1L, 1L},
            new Object[] {"3", 30L, 1L, 2L},
            new Object[] {"1", 10L, 1L, 3L}));
  }

  @Test
  void tradesOfOneMomentAreOrderedByArrival() {
    assertEdges(
        "5.00000000",
        "7.00000000",
        both(
            new Object[] {"7", 10L, 2L, 1L},
            new Object[] {"5", 10L, 1L, 8L},
            new Object[] {"6", 10L, 1L, 9L}));
  }

  @Test
  void partsOfAWindowThatWereGatheredApartGiveTheSameEdges() {
    PriceAccumulator[] a = both(new Object[] {"2", 20L, 1L, 2L}, new Object[] {"4", 40L, 1L, 4L});
    PriceAccumulator[] b = both(new Object[] {"1", 10L, 1L, 1L}, new Object[] {"3", 30L, 1L, 3L});
    PriceAccumulator open = first.createAccumulator();
    first.merge(open, List.of(a[0], first.createAccumulator(), b[0]));
    PriceAccumulator close = last.createAccumulator();
    last.merge(close, List.of(b[1], last.createAccumulator(), a[1]));
    assertEdges("1.00000000", "4.00000000", new PriceAccumulator[] {open, close});
  }

  @Test
  void anEmptyWindowHasNoPrice() {
    assertNull(first.getValue(first.createAccumulator()));
  }
}
