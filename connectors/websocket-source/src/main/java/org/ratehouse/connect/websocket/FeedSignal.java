package org.ratehouse.connect.websocket;

/** What a connection tells, in the order in which it happened. Times are ours, epoch millis. */
sealed interface FeedSignal {

  /** The connection is open and the subscriptions are sent; the first signal of a connection. */
  record Opened(long subscribedAtMillis) implements FeedSignal {}

  /** A whole text frame. */
  record Frame(String text, long receivedAtMillis) implements FeedSignal {}

  /** A whole binary frame, which no venue here sends; kept as text for the dead-letter topic. */
  record BinaryFrame(String base64, long receivedAtMillis) implements FeedSignal {}

  /** The server answered the ping of sentAtMillis: what it sent before that ping came is in. */
  record Pong(long sentAtMillis, long receivedAtMillis) implements FeedSignal {}

  /** An open connection is over; its last signal. */
  record Closed(String reason, long atMillis) implements FeedSignal {}

  /**
   * A connection did not come about; its only signal.
   *
   * @param tokenRefused trying again with the same token is of no use
   */
  record NotOpened(String reason, boolean tokenRefused) implements FeedSignal {}
}
