package org.ratehouse.connect.clickhouse;

import java.util.function.DoubleSupplier;

/** Waits that double from one failure to the next up to a cap, each shortened by chance. */
final class Backoff {
  private final long firstMs;
  private final long capMs;
  private final DoubleSupplier random;
  private long nextMs;

  /**
   * @param random from 0 to 1, so that tasks which failed together do not come back together
   */
  Backoff(long firstMs, long capMs, DoubleSupplier random) {
    this.firstMs = firstMs;
    this.capMs = Math.max(firstMs, capMs);
    this.random = random;
    this.nextMs = firstMs;
  }

  /** The wait after one more failure: between half of the step and all of it. */
  long failed() {
    long step = nextMs;
    nextMs = Math.min(capMs, step * 2);
    return Math.max(1, step / 2 + (long) (step / 2.0 * random.getAsDouble()));
  }

  void succeeded() {
    nextMs = firstMs;
  }
}
