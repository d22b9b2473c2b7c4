package org.ratehouse.flink;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * The price at one edge of a window's trades, ordered by event time, then arrival (connection, then
 * sequence in it). SQL's own FIRST_VALUE and LAST_VALUE go by the order of processing alone, which
 * is wrong for trades that come out of order.
 */
@FunctionHint(output = @DataTypeHint(value = "DECIMAL(18, 8)", bridgedTo = DecimalData.class))
public abstract class EdgePrice extends AggregateFunction<DecimalData, PriceAccumulator> {
  private static final long serialVersionUID = 1L;

  private final int wantedSign;

  /**
   * @param wantedSign the sign of comparing the held trade with a new one when the new one is to
   *     take its place
   */
  EdgePrice(int wantedSign) {
    this.wantedSign = wantedSign;
  }

  @Override
  public PriceAccumulator createAccumulator() {
    return new PriceAccumulator();
  }

  @Override
  public DecimalData getValue(PriceAccumulator accumulator) {
    return accumulator.price;
  }

  /** Takes one trade in; its event time is UTC. */
  public void accumulate(
      PriceAccumulator accumulator,
      @DataTypeHint(value = "DECIMAL(18, 8)", bridgedTo = DecimalData.class) DecimalData price,
      @DataTypeHint(value = "TIMESTAMP(3)", bridgedTo = TimestampData.class)
          TimestampData eventTime,
      @DataTypeHint("BIGINT") Long connectionId,
      @DataTypeHint("BIGINT") Long sequence) {
    take(accumulator, price, eventTime.getMillisecond(), connectionId, sequence);
  }

  /** Joins the parts of a window that were gathered apart. */
  public void merge(PriceAccumulator accumulator, Iterable<PriceAccumulator> parts) {
    for (PriceAccumulator part : parts) {
      if (part.price != null) {
        take(accumulator, part.price, part.eventTime, part.connectionId, part.sequence);
      }
    }
  }

  private void take(
      PriceAccumulator held, DecimalData price, long eventTime, long connectionId, long sequence) {
    if (held.price == null
        || Integer.signum(held.compareTo(eventTime, connectionId, sequence)) == wantedSign) {
      held.set(price, eventTime, connectionId, sequence);
    }
  }
}
