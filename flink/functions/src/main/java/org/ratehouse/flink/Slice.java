package org.ratehouse.flink;

import java.math.BigInteger;

/**
 * What the windows of one symbol need to know of its trades in 15 seconds, the step by which they
 * slide. Prices and volumes are whole numbers of 1e-8, turnover of 1e-16. Kept in state.
 */
public class Slice {
  public long tradeCount;
  public long high = Long.MIN_VALUE;
  public long low = Long.MAX_VALUE;
  public WideSum prices = new WideSum();
  public WideSum volume = new WideSum();
  public WideSum turnover = new WideSum();
  public Edge first;
  public Edge last;

  /** Takes one trade in, whose volume fits 64 bits. */
  void add(long price, long tradeVolume, long eventTime, long connectionId, long sequence) {
    volume.add(tradeVolume);
    turnover.addProduct(price, tradeVolume);
    addPrice(price, eventTime, connectionId, sequence);
  }

  /** Takes one trade in, whose volume has 19 digits and may not fit 64 bits. */
  void add(long price, BigInteger tradeVolume, long eventTime, long connectionId, long sequence) {
    volume.add(tradeVolume);
    turnover.add(tradeVolume.multiply(BigInteger.valueOf(price)));
    addPrice(price, eventTime, connectionId, sequence);
  }

  private void addPrice(long price, long eventTime, long connectionId, long sequence) {
    tradeCount++;
    high = Math.max(high, price);
    low = Math.min(low, price);
    prices.add(price);
    if (first == null) {
      first = new Edge();
      last = new Edge();
      first.set(price, eventTime, connectionId, sequence);
      last.set(price, eventTime, connectionId, sequence);
    } else if (first.isAfter(eventTime, connectionId, sequence)) {
      first.set(price, eventTime, connectionId, sequence);
    } else if (!last.isAfter(eventTime, connectionId, sequence)) {
      last.set(price, eventTime, connectionId, sequence);
    }
  }

  /** Joins a slice that is not older than any that was joined before. */
  void append(Slice later) {
    tradeCount += later.tradeCount;
    high = Math.max(high, later.high);
    low = Math.min(low, later.low);
    prices.add(later.prices);
    volume.add(later.volume);
    turnover.add(later.turnover);
    if (first == null) {
      first = later.first;
    }
    last = later.last;
  }
}
