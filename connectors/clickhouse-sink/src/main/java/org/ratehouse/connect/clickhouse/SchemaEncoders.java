package org.ratehouse.connect.clickhouse;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.ratehouse.connect.clickhouse.ColumnType.Kind;

/** How a field with a schema is written to a column that holds all of its values exactly. */
final class SchemaEncoders {
  /** The converters put an Avro decimal's precision here; Connect itself knows the scale alone. */
  static final String DECIMAL_PRECISION = "connect.decimal.precision";

  /** A symbol of an enum follows in the name of a parameter. */
  static final String ENUM = "org.apache.kafka.connect.data.Enum.";

  /** Times that Connect has no type for are an int64 with Avro's own name; with their digits. */
  static final Map<String, Integer> FINER_TIMES =
      Map.of("timestamp-micros", 6, "timestamp-nanos", 9);

  // Older converters put the symbols into parameters of another name, and an enum's name into one
  // without the dot.
  private static final List<String> ENUMS = List.of("io.confluent.connect.avro.Enum.", ENUM);
  private static final String LOGICAL = "org.apache.kafka.connect.data.";

  private SchemaEncoders() {}

  /** Empty when the column cannot hold every value of the field exactly. */
  static Optional<FieldEncoder> choose(Schema schema, ColumnType column) {
    if (schema.isOptional() && !column.nullable()) {
      return Optional.empty();
    }
    return Optional.ofNullable(chooseRequired(schema, column))
        .map(encoder -> FieldEncoder.nullable(encoder, column.nullable()));
  }

  /** The symbols of an Avro enum; empty for any other schema. */
  static List<String> symbols(Schema schema) {
    Map<String, String> parameters = schema.parameters() == null ? Map.of() : schema.parameters();
    return ENUMS.stream()
        .flatMap(
            prefix ->
                parameters.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length())))
        .distinct()
        .toList();
  }

  private static FieldEncoder chooseRequired(Schema schema, ColumnType column) {
    if (schema.name() != null && schema.name().startsWith(LOGICAL) && symbols(schema).isEmpty()) {
      return chooseLogical(schema, column);
    }
    Kind kind = column.kind();
    return switch (schema.type()) {
      case STRING -> chooseText(schema, column);
      case BYTES -> kind == Kind.STRING ? SchemaEncoders::writeBytes : null;
      case BOOLEAN -> kind == Kind.BOOL ? (value, out) -> out.flag((Boolean) value) : null;
      case FLOAT32 -> kind == Kind.FLOAT32 ? (value, out) -> out.float32((Float) value) : null;
      case FLOAT64 -> kind == Kind.FLOAT64 ? (value, out) -> out.float64((Double) value) : null;
      case INT8 -> chooseInteger(column, Kind.INT8, Kind.UINT8);
      case INT16 -> chooseInteger(column, Kind.INT16, Kind.UINT16);
      case INT32 -> chooseInteger(column, Kind.INT32, Kind.UINT32);
      case INT64 ->
          schema.name() != null && FINER_TIMES.containsKey(schema.name())
              ? chooseFinerTime(FINER_TIMES.get(schema.name()), column)
              : chooseInteger(column, Kind.INT64, Kind.UINT64);
      case ARRAY ->
          kind == Kind.ARRAY
              ? choose(schema.valueSchema(), column.element()).map(ColumnValues::list).orElse(null)
              : null;
      default -> null;
    };
  }

  private static FieldEncoder chooseLogical(Schema schema, ColumnType column) {
    return switch (schema.name()) {
      case Decimal.LOGICAL_NAME ->
          sameDecimal(schema, column) ? ColumnValues.decimal(column) : null;
      case Timestamp.LOGICAL_NAME -> {
        FieldEncoder instant = ColumnValues.instant(column);
        yield column.kind() == Kind.DATETIME64
            ? (value, out) -> instant.write(Instant.ofEpochMilli(((Date) value).getTime()), out)
            : null;
      }
      case org.apache.kafka.connect.data.Date.LOGICAL_NAME -> {
        FieldEncoder days = ColumnValues.days(column);
        yield column.kind() == Kind.DATE || column.kind() == Kind.DATE32
            ? (value, out) ->
                days.write(TimeUnit.MILLISECONDS.toDays(((Date) value).getTime()), out)
            : null;
      }
      default -> null;
    };
  }

  private static FieldEncoder chooseFinerTime(int digits, ColumnType column) {
    if (column.kind() != Kind.DATETIME64) {
      return null;
    }
    UnitTime time = new UnitTime(digits, column);
    return (value, out) -> time.write((Long) value, out);
  }

  private static FieldEncoder chooseText(Schema schema, ColumnType column) {
    return switch (column.kind()) {
      case STRING -> (value, out) -> out.string((String) value);
      case ENUM8, ENUM16 ->
          column.symbols().keySet().containsAll(symbols(schema))
              ? ColumnValues.symbol(column)
              : null;
      default -> null;
    };
  }

  private static FieldEncoder chooseInteger(ColumnType column, Kind signed, Kind unsigned) {
    if (column.kind() != signed && column.kind() != unsigned) {
      return null;
    }
    FieldEncoder integer = ColumnValues.integer(column);
    return (value, out) -> integer.write(((Number) value).longValue(), out);
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

  private static void writeBytes(Object value, RowBinary out) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      out.binary(bytes);
    } else {
      out.binary((byte[]) value);
    }
  }
}
