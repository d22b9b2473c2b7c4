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
}
