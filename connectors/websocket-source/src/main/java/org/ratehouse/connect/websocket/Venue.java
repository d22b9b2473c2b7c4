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

  /**
   * The venue's own hosts, the only ones beside loopback that a token may be sent to. A venue that
   * names none can be reached on loopback alone.
   */
  default List<String> hosts() {
    return List.of();
  }

  /** How many symbols the venue takes on one connection; 0 when it names no number. */
  default int maxSymbols() {
    return 0;
  }

  /**
   * What keeps this from being one of the venue's symbols, as a sentence; null when nothing does.
   */
  default String problem(String symbol) {
    return null;
  }

  /** The text frames to send, in order, to receive the trades of these symbols. */
  List<String> subscriptions(List<String> symbols);

  /** The text frames to send, in order, to receive the trades of these symbols no longer. */
  List<String> unsubscriptions(List<String> symbols);

  /** The same for symbols that are subscribed to and fell silent. */
  default List<String> resubscriptions(List<String> symbols) {
    return subscriptions(symbols);
  }

  /** What a text frame says. Never throws: what cannot be read is {@link VenueFrame.Unreadable}. */
  VenueFrame read(String text);

  /**
   * Whether it answers every message of {@link #subscriptions}, in their order, so that a
   * connection is live when it did and not before.
   */
  default boolean acknowledges() {
    return false;
  }

  /**
   * How many symbols each message of {@link #subscriptions} but the last has, in their order, so
   * that an answer tells whose it is; only where the venue acknowledges.
   */
  default int symbolsAMessage() {
    return Integer.MAX_VALUE;
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
