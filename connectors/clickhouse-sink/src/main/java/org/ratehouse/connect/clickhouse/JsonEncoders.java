package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a value of JSON without a schema is written to a column: by the column's type alone. A JSON
 * number with a fraction reached us as a double, so an exact decimal can only come as text.
 */
final class JsonEncoders {
  private static final long EXACT_DOUBLE = 1L << 53;
  // More would only be a way to make the task compute for minutes.
  private static final int SCALE_MAX = 100;

  private JsonEncoders() {}

  /** Empty for a column that no JSON value is written to. */
  static Optional<FieldEncoder> choose(ColumnType column) {
    return Optional.ofNullable(chooseRequired(column))
        .map(encoder -> FieldEncoder.nullable(encoder, column.nullable()));
  }

  private static FieldEncoder chooseRequired(ColumnType column) {
    return switch (column.kind()) {
      case STRING -> of(String.class, "a string", (value, out) -> out.string((String) value));
      case BOOL -> of(Boolean.class, "true or false", (value, out) -> out.flag((Boolean) value));
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
          of(Long.class, "an integer", ColumnValues.integer(column));
      case FLOAT64 -> (value, out) -> out.float64(number(value));
      case DECIMAL -> after(value -> decimal(value, column), ColumnValues.decimal(column));
      case DATETIME64 -> after(JsonEncoders::instant, ColumnValues.instant(column));
      case DATE, DATE32 -> after(JsonEncoders::days, ColumnValues.days(column));
      case ENUM8, ENUM16 -> of(String.class, "a symbol", ColumnValues.symbol(column));
      case ARRAY ->
          choose(column.element())
              .map(element -> of(List.class, "an array", ColumnValues.list(element)))
              .orElse(null);
      default -> null;
    };
  }

  private static FieldEncoder of(Class<?> wanted, String name, FieldEncoder encoder) {
    return (value, out) -> {
      if (!wanted.isInstance(value)) {
        throw fault(value, name);
      }
      encoder.write(value, out);
    };
  }

  private static FieldEncoder after(Function<Object, Object> parse, FieldEncoder encoder) {
    return (value, out) -> encoder.write(parse.apply(value), out);
  }

  private static double number(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    if (value instanceof Long number && Math.abs(number) <= EXACT_DOUBLE) {
      return number;
    }
    throw fault(value, "a number that a double holds");
  }

  private static BigDecimal decimal(Object value, ColumnType column) {
    String wanted = "a decimal as text, with a scale of " + column.scale() + " at most";
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number).setScale(column.scale(), RoundingMode.UNNECESSARY);
    }
    try {
      if (value instanceof String text) {
        BigDecimal decimal = new BigDecimal(text);
        if (Math.abs((long) decimal.scale()) <= SCALE_MAX) {
          return decimal.setScale(column.scale(), RoundingMode.UNNECESSARY);
        }
      }
    } catch (ArithmeticException | NumberFormatException notOne) {
      // Falls through to the same message as a value of another type.
    }
    throw fault(value, wanted);
  }

  private static Instant instant(Object value) {
    if (value instanceof Long millis) {
      return Instant.ofEpochMilli(millis);
    }
    try {
      if (value instanceof String text) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeParseException notOne) {
      // Falls through to the same message as a value of another type.
    }
    throw fault(value, "milliseconds since 1970, or ISO 8601 text with its offset");
  }

  private static Long days(Object value) {
    try {
      if (value instanceof String text) {
        return LocalDate.parse(text).toEpochDay();
      }
    } catch (DateTimeParseException notOne) {
      // Falls through to the same message as a value of another type.
    }
    throw fault(value, "a date as YYYY-MM-DD");
  }

  private static ArithmeticException fault(Object value, String wanted) {
    String found = value.getClass().getSimpleName();
    return new ArithmeticException("a " + found + ", wanted " + wanted);
  }
}
