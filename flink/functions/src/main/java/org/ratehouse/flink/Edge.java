package org.ratehouse.flink;

/**
 * The trade at one edge of a window, by event time, then arrival: the connection, which grows, then
 * the sequence in it. Kept in state.
 */
public class Edge {
  public long price;
  public long eventTime;
  public long connectionId;
  public long sequence;

  boolean isAfter(long otherEventTime, long otherConnectionId, long otherSequence) {
    if (eventTime != otherEventTime) {
      return eventTime > otherEventTime;
    }
    if (connectionId != otherConnectionId) {
      return connectionId > otherConnectionId;
    }
    return sequence > otherSequence;
  }

  void set(long newPrice, long newEventTime, long newConnectionId, long newSequence) {
    price = newPrice;
    eventTime = newEventTime;
    connectionId = newConnectionId;
    sequence = newSequence;
  }
}
