package org.ratehouse.connect.websocket;

import java.util.List;

/**
 * A trade as the venue wrote it. Numbers are still text, so that no digit is lost before it was
 * looked at; what was not a number is kept as it stood, for the refusal's detail.
 *
 * @param symbol null when missing
 * @param price null when missing
 * @param volume null when missing
 * @param eventTime epoch milliseconds; null when missing
 * @param conditions empty when there are none; null when they are not an array of strings
 * @param venueTradeId null where the venue has none
 * @param text the trade's own part of the frame
 */
record VenueTrade(
    String symbol,
    String price,
    String volume,
    String eventTime,
    List<String> conditions,
    String venueTradeId,
    String text) {

  /** Stands in the place of an element that is no trade, where those are too many to keep each. */
  static final VenueTrade LEFT_OUT = new VenueTrade(null, null, null, null, null, null, "");

  /** Has all that the contract cannot do without, whether that is good or not. */
  boolean isWhole() {
    return symbol != null && price != null && volume != null && eventTime != null;
  }
}
