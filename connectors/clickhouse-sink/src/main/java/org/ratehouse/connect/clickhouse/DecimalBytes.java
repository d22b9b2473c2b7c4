package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Avro's decimals, two's complement with the highest byte first and as many bytes as it takes,
 * written to a decimal column of the same scale: the lowest byte first, and a fixed width.
 */
final class DecimalBytes {
  private static final int LONG_DECIMAL_DIGITS = 38;
  private static final int LONG_DECIMAL_BYTES = 16;

  private final ColumnType column;
  private final int width;
  private final BigInteger bound;
  private final boolean twoLongs;
  private final long boundHigh;
  private final long boundLow;

  DecimalBytes(ColumnType column) {
    this.column = column;
    width = column.decimalWidth();
    bound = BigInteger.TEN.pow(column.precision());
    twoLongs = column.precision() <= LONG_DECIMAL_DIGITS;
    boundHigh = bound.shiftRight(Long.SIZE).longValue();
    boundLow = bound.longValue();
  }

  /** Writes the first so many bytes. */
  void write(byte[] bytes, int length, RowBinary out) {
    if (length == 0) {
      throw new ArithmeticException("no bytes, of which no decimal can be made");
    }
    if (!twoLongs || length > LONG_DECIMAL_BYTES) {
      writeBig(new BigInteger(bytes, 0, length), out);
      return;
    }
    long high = bytes[0] < 0 ? -1 : 0;
    long low = high;
    for (int i = 0; i < length; i++) {
      high = high << Byte.SIZE | low >>> Long.SIZE - Byte.SIZE;
      low = low << Byte.SIZE | bytes[i] & 0xff;
    }
    if (!withinBound(high, low)) {
      throw outOfRange(new BigInteger(bytes, 0, length));
    }
    switch (width) {
      case Integer.BYTES -> out.int32((int) low);
      case Long.BYTES -> out.int64(low);
      default -> out.int128(high, low);
    }
  }

  private void writeBig(BigInteger value, RowBinary out) {
    // The schema was compared, but a producer's value need not keep to its schema.
    if (value.abs().compareTo(bound) >= 0) {
      throw outOfRange(value);
    }
    out.integer(value, width);
  }

  /** Whether the absolute value is less than the bound; that of the least of all has no sign. */
  private boolean withinBound(long high, long low) {
    boolean negative = high < 0;
    long absoluteLow = negative ? -low : low;
    long absoluteHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
    int order = Long.compareUnsigned(absoluteHigh, boundHigh);
    return order < 0 || (order == 0 && Long.compareUnsigned(absoluteLow, boundLow) < 0);
  }

  private ArithmeticException outOfRange(BigInteger value) {
    return new ArithmeticException(
        new BigDecimal(value, column.scale()) + " is no " + column.text());
  }
}
