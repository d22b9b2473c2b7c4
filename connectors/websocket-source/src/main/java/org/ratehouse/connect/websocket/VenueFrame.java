package org.ratehouse.connect.websocket;

import java.util.List;

/** What one text frame of a venue says. */
sealed interface VenueFrame {

  /** An answer does not say which message it is to: then it is to the oldest without one. */
  int ANY = -1;

  /** An answer is to a message that is none of subscriptions. */
  int OTHER = -2;

  /**
   * Trades in the order in which they stand in the frame.
   *
   * @param leftOut how many of them are {@link VenueTrade#LEFT_OUT}
   */
  record Trades(List<VenueTrade> trades, int leftOut) implements VenueFrame {

    Trades(List<VenueTrade> trades) {
      this(trades, 0);
    }
  }

  /** A sign of life of the venue's application that carries no trade. */
  record Heartbeat() implements VenueFrame {}

  /**
   * The venue has taken one message of subscriptions; only venues that acknowledge say so.
   *
   * @param request which of the messages of {@link Venue#subscriptions}, from 0, or {@link #ANY}
   */
  record Acknowledged(int request) implements VenueFrame {}

  /**
   * The venue refuses, for example a symbol that it does not know.
   *
   * @param symbols which; empty when the venue does not say
   * @param request which of the messages of {@link Venue#subscriptions}, from 0; {@link #ANY} or
   *     {@link #OTHER}
   */
  record Refused(List<String> symbols, String message, int request) implements VenueFrame {}

  /** The venue will end the connection soon. */
  record ShuttingDown(String message) implements VenueFrame {}

  /** Not a message of this venue; detail says what was found. */
  record Unreadable(String detail) implements VenueFrame {}
}
