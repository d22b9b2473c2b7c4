package org.ratehouse.flink;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.DecimalData;

/** A price with the place of its trade in the order of event time, then arrival. */
public class PriceAccumulator {
  @DataTypeHint(value = "DECIMAL(18, 8)", bridgedTo = DecimalData.class)
  public DecimalData price;

  public long eventTime;
  public long connectionId;
  public long sequence;

  /**
   * Negative when this trade comes before the other, positive when after, 0 when it is the same.
   */
  int compareTo(long otherEventTime, long otherConnectionId, long otherSequence) {
    int byTime = Long.compare(eventTime, otherEventTime);
    if (byTime != 0) {
      return byTime;
    }
    int byConnection = Long.compare(connectionId, otherConnectionId);
    return byConnection != 0 ? byConnection : Long.compare(sequence, otherSequence);
  }

  void set(DecimalData newPrice, long newEventTime, long newConnectionId, long newSequence) {
    price = newPrice;
    eventTime = newEventTime;
    connectionId = newConnectionId;
    sequence = newSequence;
  }
}
