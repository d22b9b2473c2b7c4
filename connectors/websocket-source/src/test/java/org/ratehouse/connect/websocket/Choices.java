package org.ratehouse.connect.websocket;

/**
 * Decisions read from bytes, so that a fuzzer which mutates bytes, a file of its findings, and a
 * seeded random run all drive the same generators. After the end of the bytes every choice is the
 * first one.
 */
final class Choices {

  private final byte[] data;
  private int position;

  Choices(byte[] data) {
    this.data = data;
  }

  boolean isAtEnd() {
    return position >= data.length;
  }

  /** In [0, bound); small bounds take one byte, so that a mutation changes one decision. */
  int below(int bound) {
    long value = 0;
    for (long reach = 1; reach < bound; reach *= 256) {
      value = value * 256 + next();
    }
    return (int) (value % bound);
  }

  /** In [low, high]. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** True once in this many times; false at the end of the bytes. */
  boolean oneIn(int times) {
    return below(times) == times - 1;
  }

  @SafeVarargs
  final <T> T of(T... options) {
    return options[below(options.length)];
  }

  private int next() {
    return position < data.length ? data[position++] & 0xff : 0;
  }
}
