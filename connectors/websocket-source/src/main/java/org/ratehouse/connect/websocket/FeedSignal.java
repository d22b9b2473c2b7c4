package org.ratehouse.connect.websocket;

import java.util.List;

/** What a connection tells, in the order in which it happened. Times are ours, epoch millis. */
sealed interface FeedSignal {

  /**
   * The connection is open and the subscriptions are sent; the first signal of a connection.
   *
   * @param overlapping opened while the one before it still ran: trades may have come on both
   */
  record Opened(long subscribedAtMillis, Wanted wanted, boolean overlapping) implements FeedSignal {

    /** With symbols that were wanted only when they were subscribed to. */
    Opened(long subscribedAtMillis, List<String> symbols, boolean overlapping) {
      this(subscribedAtMillis, Wanted.at(symbols, subscribedAtMillis), overlapping);
    }

    Opened(long subscribedAtMillis, List<String> symbols) {
      this(subscribedAtMillis, symbols, false);
    }
  }

  /** A whole text frame. */
  record Frame(String text, long receivedAtMillis) implements FeedSignal {}

  /** A whole binary frame, which no venue here sends; kept as text for the dead-letter topic. */
  record BinaryFrame(String base64, long receivedAtMillis) implements FeedSignal {}

  /**
   * The server answered the ping of sentAtMillis: what it sent before that ping came is in.
   *
   * @param number of the ping, 1, 2, 3 ... on a connection; tells pings apart when the clock jumps
   */
  record Pong(long sentAtMillis, long receivedAtMillis, long number) implements FeedSignal {

    Pong(long sentAtMillis, long receivedAtMillis) {
      this(sentAtMillis, receivedAtMillis, 0);
    }
  }

  /** Subscriptions to the added and from the removed symbols were sent on an open connection. */
  record SymbolsChanged(Wanted added, List<String> removed, long atMillis) implements FeedSignal {

    /** With symbols that were wanted only when they were subscribed to. */
    SymbolsChanged(List<String> added, List<String> removed, long atMillis) {
      this(Wanted.at(added, atMillis), removed, atMillis);
    }
  }

  /** These symbols, which had fallen silent, were subscribed to once more. */
  record Resubscribed(List<String> symbols, long atMillis) implements FeedSignal {}

  /**
   * An open connection is over; its last signal.
   *
   * @param handedOver ended by us once another connection was live, so that nothing is missing
   */
  record Closed(String reason, long atMillis, boolean handedOver) implements FeedSignal {

    Closed(String reason, long atMillis) {
      this(reason, atMillis, false);
    }
  }

  /**
   * A connection did not come about; its only signal.
   *
   * @param tokenRefused trying again with the same token is of no use
   * @param retryAfterMs how long the server wants to be left alone; 0 when it did not say
   */
  record NotOpened(String reason, boolean tokenRefused, long retryAfterMs) implements FeedSignal {

    NotOpened(String reason, boolean tokenRefused) {
      this(reason, tokenRefused, 0);
    }
  }
}
