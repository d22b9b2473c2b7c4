package org.ratehouse.connect.websocket;

/**
 * What one connection has taken in so far.
 *
 * @param frames of text or binary, readable or not
 * @param trades written to the topic of trades
 * @param refused trades written to the dead-letter topic
 * @param refusedFrames frames written to the dead-letter topic whole
 */
record Counts(long frames, long trades, long refused, long refusedFrames) {

  static final Counts NONE = new Counts(0, 0, 0, 0);

  long lastSequence() {
    return trades + refused;
  }
}
