package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.ratehouse.connect.clickhouse.ColumnType.Kind;

/** Writes the values of one field; throws ArithmeticException for one the column cannot hold. */
@FunctionalInterface
interface FieldEncoder {
  /** The converters put an Avro decimal's precision here; Connect itself knows the scale alone. */
  String DECIMAL_PRECISION = "connect.decimal.precision";

  void write(Object value, RowBinary out);

  /** Empty when the column cannot hold every value of the field exactly. */
  static Optional<FieldEncoder> choose(Schema schema, ColumnType column) {
    if (schema.isOptional() && !column.nullable()) {
      return Optional.empty();
    }
    Optional<FieldEncoder> encoder = chooseRequired(schema, column);
    return encoder.map(column.nullable() ? FieldEncoder::orNull : FieldEncoder::required);
  }

  private static Optional<FieldEncoder> chooseRequired(Schema schema, ColumnType column) {
    Kind kind = column.kind();
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      return Optional.of(decimal(column)).filter(encoder -> sameDecimal(schema, column));
    }
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return Optional.of(timestamp()).filter(encoder -> kind == Kind.DATETIME64_MS);
    }
    if (schema.name() != null && schema.name().startsWith("org.apache.kafka.connect.data.")) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (schema.type()) {
          case STRING -> kind == Kind.STRING ? (value, out) -> out.string((String) value) : null;
          case BOOLEAN -> kind == Kind.BOOL ? (value, out) -> out.flag((Boolean) value) : null;
          case FLOAT64 -> kind == Kind.FLOAT64 ? (value, out) -> out.float64((Double) value) : null;
          case INT32 ->
              switch (kind) {
                case INT32 -> (value, out) -> out.int32((Integer) value);
                case UINT32 -> (value, out) -> out.int32((int) unsigned((Integer) value));
                default -> null;
              };
          case INT64 ->
              switch (kind) {
                case INT64 -> (value, out) -> out.int64((Long) value);
                case UINT64 -> (value, out) -> out.int64(unsigned((Long) value));
                default -> null;
              };
          default -> null;
        });
  }

  private static boolean sameDecimal(Schema schema, ColumnType column) {
    if (column.kind() != Kind.DECIMAL) {
      return false;
    }
    int scale = Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
    String precision = schema.parameters().get(DECIMAL_PRECISION);
    return scale == column.scale()
        && (precision == null || Integer.parseInt(precision) == column.precision());
  }

  private static FieldEncoder decimal(ColumnType column) {
    BigInteger bound = BigInteger.TEN.pow(column.precision());
    int width = column.decimalWidth();
    return (value, out) -> {
      BigDecimal decimal = (BigDecimal) value;
      // The schema was compared, but a producer's value need not keep to its schema.
      if (decimal.scale() != column.scale()
          || decimal.unscaledValue().abs().compareTo(bound) >= 0) {
        throw new ArithmeticException(decimal.toPlainString() + " is no " + column.text());
      }
      out.integer(decimal.unscaledValue(), width);
    };
  }

  private static FieldEncoder timestamp() {
    // What the server holds exactly; beyond these years it clamps without a word.
    long first = Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();
    long end = Instant.parse("2300-01-01T00:00:00Z").toEpochMilli();
    return (value, out) -> {
      long millis = ((Date) value).getTime();
      if (millis < first || millis >= end) {
        throw new ArithmeticException(millis + " ms is outside the years 1900 to 2299");
      }
      out.int64(millis);
    };
  }

  private static FieldEncoder required(FieldEncoder encoder) {
    return (value, out) -> {
      if (value == null) {
        throw new ArithmeticException("null, which the column does not hold");
      }
      encoder.write(value, out);
    };
  }

  private static FieldEncoder orNull(FieldEncoder encoder) {
    return (value, out) -> {
      out.flag(value == null);
      if (value != null) {
        encoder.write(value, out);
      }
    };
  }

  private static long unsigned(long value) {
    if (value < 0) {
      throw new ArithmeticException(value + " is negative, the column is unsigned");
    }
    return value;
  }
}
