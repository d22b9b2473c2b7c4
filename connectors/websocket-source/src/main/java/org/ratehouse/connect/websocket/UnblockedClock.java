package org.ratehouse.connect.websocket;

import java.util.function.Supplier;

/**
 * A clock whose steady time stands still while its reader waits for Kafka. What comes in is not
 * read then, so that nobody may conclude anything from its silence.
 */
final class UnblockedClock {

  private final Supplier<Moment> clock;
  private long blockedMs;

  UnblockedClock(Supplier<Moment> clock) {
    this.clock = clock;
  }

  Moment now() {
    Moment now = clock.get();
    return new Moment(now.wallMillis(), now.steadyMillis() - blockedMs);
  }

  /** What to give to afterWait. */
  long beforeWait() {
    return clock.get().steadyMillis();
  }

  void afterWait(long before) {
    blockedMs += clock.get().steadyMillis() - before;
  }
}
