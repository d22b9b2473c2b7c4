package org.ratehouse.flink;

/** The price of the earliest trade: a candle's open. */
public final class FirstPrice extends EdgePrice {
  private static final long serialVersionUID = 1L;

  public FirstPrice() {
    super(1);
  }
}
