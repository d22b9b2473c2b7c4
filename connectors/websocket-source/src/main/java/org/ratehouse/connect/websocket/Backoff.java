package org.ratehouse.connect.websocket;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time up to a ceiling that doubles with each.
 * Random over the whole range ("full jitter"), so that many feeds that one outage cut off do not
 * come back as one.
 */
final class Backoff {

  private final long initialMs;
  private final long maxMs;
  private final RandomGenerator random;
  private long ceilingMs;

  Backoff(long initialMs, long maxMs, RandomGenerator random) {
    this.initialMs = initialMs;
    this.maxMs = maxMs;
    this.random = random;
    this.ceilingMs = initialMs;
  }

  long nextDelayMs() {
    long delayMs = random.nextLong(ceilingMs + 1);
    ceilingMs = ceilingMs > maxMs / 2 ? maxMs : ceilingMs * 2;
    return delayMs;
  }

  /** Only after trades flowed: a server that accepts and hangs up at once is not well yet. */
  void reset() {
    ceilingMs = initialMs;
  }
}
