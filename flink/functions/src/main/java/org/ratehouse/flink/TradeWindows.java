package org.ratehouse.flink;

import java.math.BigInteger;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;

/**
 * {@code trade_windows(TABLE ... PARTITION BY symbol)}: a symbol's candles of a minute and its
 * moving averages, each row either of the two. See {@link SymbolWindows} for what they are, and
 * {@link SymbolClock} for when they are shown.
 *
 * <p>The watermark of the input is the clock of receipt. It shows the windows of silent symbols,
 * and decides nothing else: a trade is never dropped for coming behind it. Rows without a price
 * only carry that clock on.
 *
 * <p>Metric {@code lateTrades}: trades that came after their candle was final, since the job's last
 * start.
 */
@FunctionHint(output = @DataTypeHint(value = WindowRows.TYPE, bridgedTo = RowData.class))
public class TradeWindows extends ProcessTableFunction<RowData> {
  private static final long serialVersionUID = 1L;

  private static final int PRICE = 1;
  private static final int VOLUME = 2;
  private static final int EVENT_TIME = 3;
  private static final int RECEIVED_AT = 4;
  private static final int CONNECTION_ID = 5;
  private static final int SEQUENCE = 6;

  private static final Integer ONLY = 0;

  private transient Counter late;

  @Override
  public void open(FunctionContext context) {
    late = context.getMetricGroup().counter("lateTrades");
  }

  /** Takes one trade in. */
  public void eval(
      Context context,
      @StateHint MapView<Long, Slice> slices,
      @StateHint MapView<Integer, SymbolClock> clocks,
      @ArgumentHint(
              value = ArgumentTrait.SET_SEMANTIC_TABLE,
              name = "trades",
              type =
                  @DataTypeHint(
                      value =
                          "ROW<symbol STRING, price DECIMAL(18, 8), volume DECIMAL(19, 8),"
                              + " event_time TIMESTAMP(3), received_at TIMESTAMP(3),"
                              + " connection_id BIGINT, sequence BIGINT>",
                      bridgedTo = RowData.class))
          RowData trade)
      throws Exception {
    if (trade.isNullAt(PRICE)) {
      return;
    }
    SymbolClock clock = clocks.get(ONLY);
    if (clock == null) {
      clock = new SymbolClock();
    }
    SymbolWindows windows = windows(slices, clock);
    BigInteger volume = unscaledVolume(trade);
    boolean fits = volume.bitLength() < Long.SIZE;
    boolean inTime =
        windows.trade(
            trade.getDecimal(PRICE, 18, 8).toUnscaledLong(),
            fits ? volume.longValue() : 0,
            fits ? null : volume,
            trade.getTimestamp(EVENT_TIME, 3).getMillisecond(),
            trade.getTimestamp(RECEIVED_AT, 3).getMillisecond(),
            trade.getLong(CONNECTION_ID),
            trade.getLong(SEQUENCE));
    if (!inTime) {
      late.inc();
    }
    if (clock.timer == SymbolClock.NONE) {
      setTimer(context, windows, clock);
    }
    clocks.put(ONLY, clock);
  }

  /** The clock of receipt has come to where a window was due. */
  public void onTimer(
      OnTimerContext context, MapView<Long, Slice> slices, MapView<Integer, SymbolClock> clocks)
      throws Exception {
    SymbolClock clock = clocks.get(ONLY);
    if (clock == null) {
      return;
    }
    SymbolWindows windows = windows(slices, clock);
    clock.timer = SymbolClock.NONE;
    windows.pass(context.timeContext(Long.class).currentWatermark());
    setTimer(context, windows, clock);
    clocks.put(ONLY, clock);
  }

  private static void setTimer(Context context, SymbolWindows windows, SymbolClock clock)
      throws Exception {
    long next = windows.nextEnd();
    if (next == SymbolClock.NONE) {
      return;
    }
    TimeContext<Long> time = context.timeContext(Long.class);
    Long watermark = time.currentWatermark();
    clock.timer = Math.max(clock.dueAt(next), watermark == null ? Long.MIN_VALUE : watermark + 1);
    time.registerOnTime(clock.timer);
  }

  private SymbolWindows windows(MapView<Long, Slice> slices, SymbolClock clock) {
    return new SymbolWindows(new StateSlices(slices), clock, new WindowRows(this::collect));
  }

  private static BigInteger unscaledVolume(RowData trade) {
    DecimalData volume = trade.getDecimal(VOLUME, 19, 8);
    return volume.toBigDecimal().unscaledValue();
  }

  private record StateSlices(MapView<Long, Slice> state) implements SymbolWindows.Slices {
    @Override
    public Slice get(long start) throws Exception {
      return state.get(start);
    }

    @Override
    public void put(long start, Slice slice) throws Exception {
      state.put(start, slice);
    }

    @Override
    public void remove(long start) throws Exception {
      state.remove(start);
    }

    @Override
    public Iterable<Map.Entry<Long, Slice>> entries() throws Exception {
      return state.entries();
    }
  }
}
