package org.ratehouse.flink;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/** Windows as rows of {@link TradeWindows}: exact decimals, and averages as the nearest doubles. */
record WindowRows(Consumer<RowData> rows) implements SymbolWindows.Shown {
  static final String TYPE =
      "ROW<candle ROW<window_start TIMESTAMP(3), window_end TIMESTAMP(3), `open` DECIMAL(18, 8),"
          + " high DECIMAL(18, 8), low DECIMAL(18, 8), `close` DECIMAL(18, 8),"
          + " volume DECIMAL(38, 8), turnover DECIMAL(38, 16), trade_count BIGINT,"
          + " first_connection_id BIGINT, first_sequence BIGINT,"
          + " last_connection_id BIGINT, last_sequence BIGINT>,"
          + " average ROW<window_minutes INT, window_start TIMESTAMP(3), window_end TIMESTAMP(3),"
          + " `simple` DOUBLE, volume_weighted DOUBLE, minute_weighted DOUBLE,"
          + " trade_count BIGINT>>";

  private static final int PRICE_SCALE = 8;
  private static final int TURNOVER_SCALE = 16;

  @Override
  public void candle(long start, Slice trades) {
    GenericRowData candle =
        GenericRowData.of(
            TimestampData.fromEpochMillis(start),
            TimestampData.fromEpochMillis(start + SymbolWindows.MINUTE),
            price(trades.first.price),
            price(trades.high),
            price(trades.low),
            price(trades.last.price),
            sum(trades.volume, PRICE_SCALE),
            sum(trades.turnover, TURNOVER_SCALE),
            trades.tradeCount,
            trades.first.connectionId,
            trades.first.sequence,
            trades.last.connectionId,
            trades.last.sequence);
    rows.accept(GenericRowData.of(candle, null));
  }

  @Override
  public void average(
      int minutes, long start, Slice trades, NavigableMap<Integer, Long> minuteCloses) {
    double volume = trades.volume.toDecimal(PRICE_SCALE).doubleValue();
    GenericRowData average =
        GenericRowData.of(
            minutes,
            TimestampData.fromEpochMillis(start),
            TimestampData.fromEpochMillis(start + minutes * SymbolWindows.MINUTE),
            trades.prices.toDecimal(PRICE_SCALE).doubleValue() / trades.tradeCount,
            volume > 0 ? trades.turnover.toDecimal(TURNOVER_SCALE).doubleValue() / volume : null,
            minuteWeighted(minuteCloses),
            trades.tradeCount);
    rows.accept(GenericRowData.of(null, average));
  }

  /** Weights 1/2, 1/4, 1/8 ... as 2^n, 2^(n-1) ..., so that the sum is a whole number. */
  static double minuteWeighted(NavigableMap<Integer, Long> closes) {
    int oldest = closes.lastKey();
    BigInteger sum = BigInteger.ZERO;
    long weights = 0;
    for (Map.Entry<Integer, Long> close : closes.entrySet()) {
      long weight = 1L << (oldest - close.getKey());
      sum = sum.add(BigInteger.valueOf(close.getValue()).multiply(BigInteger.valueOf(weight)));
      weights += weight;
    }
    return new BigDecimal(sum, PRICE_SCALE).doubleValue() / weights;
  }

  private static DecimalData price(long unscaled) {
    return DecimalData.fromUnscaledLong(unscaled, 18, PRICE_SCALE);
  }

  private static DecimalData sum(WideSum sum, int scale) {
    DecimalData decimal = DecimalData.fromBigDecimal(sum.toDecimal(scale), 38, scale);
    if (decimal == null) {
      throw new ArithmeticException(
          "A window's sum has more than 38 digits: " + sum.toDecimal(scale));
    }
    return decimal;
  }
}
