package org.ratehouse.flink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;

/**
 * {@code live_macd(TABLE ... PARTITION BY symbol)}: MACD(12, 26, 9) over a symbol's closed candles,
 * a row from the 34th on. Candles come in the order of their minutes; one that comes again revises
 * its bar. See {@link MacdLines} for candles of several generations.
 *
 * <p>Metric {@code ignoredCandles}: those of a generation that was overtaken, and those too old to
 * be revised, since the job's last start.
 */
@FunctionHint(
    output =
        @DataTypeHint(
            value =
                "ROW<window_start TIMESTAMP(3), window_end TIMESTAMP(3), bar BIGINT,"
                    + " `close` DECIMAL(18, 8), ema_fast DOUBLE, ema_slow DOUBLE, macd DOUBLE,"
                    + " signal DOUBLE, histogram DOUBLE>",
            bridgedTo = RowData.class))
public class LiveMacd extends ProcessTableFunction<RowData> {
  private static final long serialVersionUID = 1L;

  private static final int WINDOW_START = 1;
  private static final int WINDOW_END = 2;
  private static final int CLOSE = 3;
  private static final int GENERATION = 4;

  private transient Counter ignored;

  @Override
  public void open(FunctionContext context) {
    ignored = context.getMetricGroup().counter("ignoredCandles");
  }

  /** Takes one candle in. */
  public void eval(
      @StateHint MapView<Integer, MacdLine> state,
      @ArgumentHint(
              value = ArgumentTrait.SET_SEMANTIC_TABLE,
              name = "candles",
              type =
                  @DataTypeHint(
                      value =
                          "ROW<symbol STRING, window_start TIMESTAMP(3), window_end TIMESTAMP(3),"
                              + " `close` DECIMAL(18, 8), generation INT>",
                      bridgedTo = RowData.class))
          RowData candle)
      throws Exception {
    Map<Integer, MacdLine> held = new HashMap<>();
    for (Map.Entry<Integer, MacdLine> entry : state.entries()) {
      held.put(entry.getKey(), entry.getValue());
    }
    MacdLines lines = new MacdLines(held);
    MacdBar bar =
        lines.take(
            candle.getInt(GENERATION),
            candle.getTimestamp(WINDOW_START, 3).getMillisecond(),
            candle.getDecimal(CLOSE, 18, 8).toBigDecimal().doubleValue());
    for (Integer generation : new ArrayList<>(held.keySet())) {
      if (!lines.held().containsKey(generation)) {
        state.remove(generation);
      }
    }
    for (Map.Entry<Integer, MacdLine> entry : lines.held().entrySet()) {
      state.put(entry.getKey(), entry.getValue());
    }
    if (bar == null) {
      ignored.inc();
    } else if (bar.bar >= MacdBar.FIRST) {
      collect(
          GenericRowData.of(
              candle.getTimestamp(WINDOW_START, 3),
              candle.getTimestamp(WINDOW_END, 3),
              bar.bar,
              candle.getDecimal(CLOSE, 18, 8),
              bar.fast,
              bar.slow,
              bar.macd(),
              bar.signal,
              bar.macd() - bar.signal));
    }
  }
}
