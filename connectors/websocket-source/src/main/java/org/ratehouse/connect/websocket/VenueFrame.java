package org.ratehouse.connect.websocket;

import java.util.List;

/** What one text frame of a venue says. */
sealed interface VenueFrame {

  /** Trades in the order in which they stand in the frame. */
  record Trades(List<VenueTrade> trades) implements VenueFrame {}

  /** A sign of life of the venue's application that carries no trade. */
  record Heartbeat() implements VenueFrame {}

  /** The venue has taken the subscriptions; only venues that acknowledge say so. */
  record Acknowledged() implements VenueFrame {}

  /**
   * The venue refuses, for example a symbol that it does not know.
   *
   * @param symbols which; empty when the venue does not say
   */
  record Refused(List<String> symbols, String message) implements VenueFrame {}

  /** The venue will end the connection soon. */
  record ShuttingDown(String message) implements VenueFrame {}

  /** Not a message of this venue; detail says what was found. */
  record Unreadable(String detail) implements VenueFrame {}
}
