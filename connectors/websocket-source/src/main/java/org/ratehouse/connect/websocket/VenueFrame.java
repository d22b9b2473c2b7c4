package org.ratehouse.connect.websocket;

import java.util.List;

/** What one text frame of a venue says. */
sealed interface VenueFrame {

  /** Trades in the order in which they stand in the frame. */
  record Trades(List<VenueTrade> trades) implements VenueFrame {}

  /** A sign of life of the venue's application that carries no trade. */
  record Heartbeat() implements VenueFrame {}

  /** The venue complains, for example about a symbol that it does not know. */
  record Complaint(String message) implements VenueFrame {}

  /** Not a message of this venue; detail says what was found. */
  record Unreadable(String detail) implements VenueFrame {}
}
