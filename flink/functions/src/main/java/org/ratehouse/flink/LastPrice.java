package org.ratehouse.flink;

/** The price of the latest trade: a candle's close. */
public final class LastPrice extends EdgePrice {
  private static final long serialVersionUID = 1L;

  public LastPrice() {
    super(-1);
  }
}
