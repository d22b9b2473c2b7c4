package org.ratehouse.connect.websocket;

import java.util.random.RandomGenerator;

/** Always the highest number that may come, so that a test sees the ceiling. */
final class HighestNumbers implements RandomGenerator {

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("only bounded numbers are expected");
  }

  @Override
  public long nextLong(long bound) {
    return bound - 1;
  }
}
