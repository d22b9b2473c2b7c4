package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.ratehouse.connect.clickhouse.ColumnType.Kind;

/** Values as a column holds them, exactly or not at all. */
final class ColumnValues {
  // What the server holds exactly; beyond these it clamps without a word.
  static final long FIRST_SECOND = Instant.parse("1900-01-01T00:00:00Z").getEpochSecond();
  static final long END_SECOND = Instant.parse("2300-01-01T00:00:00Z").getEpochSecond();
  private static final long FIRST_DAY = LocalDate.parse("1900-01-01").toEpochDay();
  private static final long END_DAY = LocalDate.parse("2300-01-01").toEpochDay();
  private static final int DATE_END_DAY = 0x1_0000;

  private ColumnValues() {}

  /** Writes a BigDecimal of the column's very scale. */
  static FieldEncoder decimal(ColumnType column) {
    BigInteger bound = BigInteger.TEN.pow(column.precision());
    int width = column.decimalWidth();
    return (value, out) -> {
      BigDecimal decimal = (BigDecimal) value;
      // The schema was compared, but a producer's value need not keep to its schema.
      if (decimal.scale() != column.scale()
          || decimal.unscaledValue().abs().compareTo(bound) >= 0) {
        throw new ArithmeticException(decimal + " is no " + column.text());
      }
      out.integer(decimal.unscaledValue(), width);
    };
  }

  /** Writes an Instant to a DateTime64. */
  static FieldEncoder instant(ColumnType column) {
    long perSecond = BigInteger.TEN.pow(column.scale()).longValueExact();
    long nanosPerUnit = 1_000_000_000 / perSecond;
    return (value, out) -> {
      Instant instant = (Instant) value;
      long seconds = instant.getEpochSecond();
      if (seconds < FIRST_SECOND || seconds >= END_SECOND) {
        throw new ArithmeticException(instant + " is outside the years 1900 to 2299");
      }
      if (instant.getNano() % nanosPerUnit != 0) {
        throw new ArithmeticException(instant + " is finer than " + column.text());
      }
      // Nanoseconds end in 2262, which overflows here and is refused as well.
      out.int64(
          Math.addExact(Math.multiplyExact(seconds, perSecond), instant.getNano() / nanosPerUnit));
    };
  }

  /** Writes days since 1970, a Long, to a Date or Date32. */
  static FieldEncoder days(ColumnType column) {
    boolean wide = column.kind() == Kind.DATE32;
    long first = wide ? FIRST_DAY : 0;
    long end = wide ? END_DAY : DATE_END_DAY;
    return (value, out) -> {
      long days = (Long) value;
      if (days < first || days >= end) {
        throw new ArithmeticException(LocalDate.ofEpochDay(days) + " is no " + column.text());
      }
      if (wide) {
        out.int32((int) days);
      } else {
        out.int16((int) days);
      }
    };
  }

  /** Writes a symbol, a String, to an enum. */
  static FieldEncoder symbol(ColumnType column) {
    Map<String, Integer> symbols = column.symbols();
    boolean wide = column.kind() == Kind.ENUM16;
    return (value, out) -> {
      Integer number = symbols.get((String) value);
      if (number == null) {
        throw new ArithmeticException("'" + value + "' is no symbol of " + column.text());
      }
      if (wide) {
        out.int16(number);
      } else {
        out.int8(number);
      }
    };
  }

  /** Writes a List to an array. */
  static FieldEncoder list(FieldEncoder element) {
    return (value, out) -> {
      List<?> values = (List<?>) value;
      out.length(values.size());
      values.forEach(each -> element.write(each, out));
    };
  }

  /** Writes a Long to an integer column of any width, or null for a column of another kind. */
  static FieldEncoder integer(ColumnType column) {
    return switch (column.kind()) {
      case INT8 -> (value, out) -> out.int8((int) ranged(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 ->
          (value, out) -> out.int16((int) ranged(value, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 ->
          (value, out) -> out.int32((int) ranged(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 -> (value, out) -> out.int64((Long) value);
      case UINT8 -> (value, out) -> out.int8((int) ranged(value, 0, 0xff));
      case UINT16 -> (value, out) -> out.int16((int) ranged(value, 0, 0xffff));
      case UINT32 -> (value, out) -> out.int32((int) ranged(value, 0, 0xffff_ffffL));
      case UINT64 -> (value, out) -> out.int64(ranged(value, 0, Long.MAX_VALUE));
      default -> null;
    };
  }

  private static long ranged(Object value, long first, long last) {
    long number = (Long) value;
    if (number < first || number > last) {
      throw new ArithmeticException(number + " is outside " + first + " to " + last);
    }
    return number;
  }
}
