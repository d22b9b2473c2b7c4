package org.ratehouse.connect.websocket;

/**
 * When to connect again, and when to give up: after a time without an open connection, however many
 * attempts it took. All times are of the steady clock, in milliseconds.
 */
final class Attempts {

  private final Backoff backoff;
  private final long giveUpAfterMs;
  private Long downSince;
  private long nextAt;

  /**
   * @param giveUpAfterMs 0 for never
   */
  Attempts(Backoff backoff, long giveUpAfterMs, long now) {
    this.backoff = backoff;
    this.giveUpAfterMs = giveUpAfterMs;
    this.downSince = now;
    this.nextAt = now;
  }

  void opened() {
    downSince = null;
  }

  /** No connection is wanted now, so none is missed. */
  void notWanted(long now) {
    downSince = now;
  }

  /** Trades flow: the server is well, and the next wait is a short one again. */
  void flowed() {
    backoff.reset();
  }

  /**
   * A connection ended or did not come about. The last attempt is made when the time is over, and
   * not after it, whatever the server asked for.
   *
   * @param retryAfterMs how long the server wants to be left alone; 0 when it did not say
   */
  void ended(long now, long retryAfterMs) {
    if (downSince == null) {
      downSince = now;
    }
    long delayMs = Math.max(backoff.nextDelayMs(), retryAfterMs);
    if (giveUpAfterMs > 0) {
      delayMs = Math.min(delayMs, Math.max(0, downSince + giveUpAfterMs - now));
    }
    nextAt = now + delayMs;
  }

  /** How long it is until the next attempt; 0 or less when it is time. */
  long delayMs(long now) {
    return nextAt - now;
  }

  /** An attempt that failed now was the last one. */
  boolean isGivenUp(long now) {
    return giveUpAfterMs > 0 && downSince != null && now - downSince >= giveUpAfterMs;
  }
}
