package org.ratehouse.connect.websocket;

/**
 * When a connection should be handed over to another: before the venue ends it. Only where trades
 * are numbered, for else two connections could not be joined without doubles.
 */
final class HandOverClock {

  private static final long NEVER = Long.MAX_VALUE;

  /** One that did not come about is tried again after this; it takes a few seconds at most. */
  private static final long AGAIN_MS = 30_000;

  private final boolean possible;
  private final long lifeMs;
  private long askAt = NEVER;
  private String reason;
  private boolean asked;

  /**
   * @param lifeMs of a connection; 0 for ever, below 0 for what the venue says
   */
  HandOverClock(Venue venue, long lifeMs) {
    this.possible = venue.numbersTrades();
    this.lifeMs = lifeMs < 0 ? venue.lifeMs() : lifeMs;
  }

  void opened(Moment now) {
    askAt = possible && lifeMs > 0 ? now.steadyMillis() + lifeMs : NEVER;
    reason = "the connection is " + lifeMs + " ms old";
    asked = false;
  }

  /** The venue is about to end the connection. */
  void askAtOnce(String why) {
    if (possible && !asked) {
      askAt = Long.MIN_VALUE;
      reason = why;
    }
  }

  /** Why a hand-over is due now; null when it is not. */
  String due(Moment now) {
    if (now.steadyMillis() < askAt) {
      return null;
    }
    askAt = now.steadyMillis() + AGAIN_MS;
    asked = true;
    return reason;
  }

  /** A hand-over of this connection, or of the last one when there is none, was asked for. */
  boolean wasAsked() {
    return asked;
  }
}
