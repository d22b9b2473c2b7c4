package org.ratehouse.connect.websocket;

import java.net.URI;
import java.util.List;

/**
 * What differs from one venue to the next. An implementation keeps no state, so one serves every
 * connection; it decides nothing about whether a trade is acceptable, which is {@link
 * TradeContract}'s part and the same for all venues.
 */
interface Venue {

  /** The address to connect to. It may hold the token, so it must never be logged. */
  URI address(URI url, String token);

  /** The text frames to send, in order, to receive the trades of these symbols. */
  List<String> subscriptions(List<String> symbols);

  /** The text frames to send, in order, to receive the trades of these symbols no longer. */
  List<String> unsubscriptions(List<String> symbols);

  /** What a text frame says. Never throws: what cannot be read is {@link VenueFrame.Unreadable}. */
  VenueFrame read(String text);

  /** Whether it answers subscriptions, so that a connection is live when it did and not before. */
  default boolean acknowledges() {
    return false;
  }

  /**
   * Whether each symbol's trades carry ids that grow by one, so that a jump proves a loss, and two
   * connections can be joined without one.
   */
  default boolean numbersTrades() {
    return false;
  }

  /** After how many milliseconds a connection should be handed over to another; 0 for never. */
  default long lifeMs() {
    return 0;
  }
}
