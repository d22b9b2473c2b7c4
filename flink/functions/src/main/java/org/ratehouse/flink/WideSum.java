package org.ratehouse.flink;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of whole numbers in 128 bits, two's complement: what 38 digits need, without an object for
 * each addition. Kept in state, so its fields are public and it has no other form.
 */
public class WideSum {
  public long high;
  public long low;

  void add(long value) {
    add(value >> 63, value);
  }

  /** Adds a product whole, also where it does not fit 64 bits. */
  void addProduct(long a, long b) {
    add(Math.multiplyHigh(a, b), a * b);
  }

  void add(WideSum other) {
    add(other.high, other.low);
  }

  /**
   * @throws ArithmeticException when the value does not fit 128 bits
   */
  void add(BigInteger value) {
    if (value.bitLength() > 127) {
      throw new ArithmeticException(value + " does not fit 128 bits");
    }
    add(value.shiftRight(64).longValue(), value.longValue());
  }

  private void add(long otherHigh, long otherLow) {
    low += otherLow;
    long carry = Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0;
    high = Math.addExact(high, otherHigh + carry);
  }

  BigInteger toBigInteger() {
    BigInteger lowPart = new BigInteger(Long.toUnsignedString(low));
    return BigInteger.valueOf(high).shiftLeft(64).add(lowPart);
  }

  BigDecimal toDecimal(int scale) {
    return new BigDecimal(toBigInteger(), scale);
  }
}
