package org.ratehouse.connect.websocket;

import java.util.concurrent.TimeUnit;

/**
 * Now, on two clocks.
 *
 * @param wallMillis epoch milliseconds, for what is written down; may jump in either direction
 * @param steadyMillis of no meaning but its differences, for intervals; never jumps
 */
record Moment(long wallMillis, long steadyMillis) {

  static Moment now() {
    return new Moment(System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  /** Its wall time as it was read, or as the clock has it now if that was set back: the earlier. */
  long earliest(Moment now) {
    return Math.min(wallMillis, now.wallMillis - (now.steadyMillis - steadyMillis));
  }
}
