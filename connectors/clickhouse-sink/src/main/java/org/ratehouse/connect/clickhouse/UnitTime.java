package org.ratehouse.connect.clickhouse;

import java.math.BigInteger;
import java.time.Instant;

/** Times since 1970 in a unit of so many digits, written in the unit of a DateTime64. */
final class UnitTime {
  private static final int NANO_DIGITS = 9;

  private final long perSecond;
  private final long nanosPerUnit;
  private final long factor;
  private final long first;
  private final long last;
  private final FieldEncoder exact;

  UnitTime(int digits, ColumnType column) {
    perSecond = power(digits);
    nanosPerUnit = power(NANO_DIGITS - digits);
    // Zero where the column is coarser than the field: then each value is looked at.
    factor = column.scale() < digits ? 0 : power(column.scale() - digits);
    first = ends(ColumnValues.FIRST_SECOND);
    last = ends(ColumnValues.END_SECOND) - 1;
    exact = ColumnValues.instant(column);
  }

  void write(long value, RowBinary out) {
    if (value >= first && value <= last) {
      out.int64(value * factor);
    } else {
      long seconds = Math.floorDiv(value, perSecond);
      long nanos = Math.floorMod(value, perSecond) * nanosPerUnit;
      exact.write(Instant.ofEpochSecond(seconds, nanos), out);
    }
  }

  /** That second in the field's unit, or as near to it as the column's own unit has room for. */
  private long ends(long second) {
    if (factor == 0) {
      return 0;
    }
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE / factor);
    BigInteger wanted = BigInteger.valueOf(second).multiply(BigInteger.valueOf(perSecond));
    return wanted.min(most).max(most.negate()).longValueExact();
  }

  private static long power(int digits) {
    return BigInteger.TEN.pow(digits).longValueExact();
  }
}
