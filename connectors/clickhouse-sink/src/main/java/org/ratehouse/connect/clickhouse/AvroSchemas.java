package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Avro's schemas in Connect's words, so that one set of rules says what fits a table. What no
 * column takes, such as a map or a union of more than a type and null, keeps its name and nothing
 * else.
 */
final class AvroSchemas {
  private static final String SMALL = "connect.type";

  private AvroSchemas() {}

  static org.apache.kafka.connect.data.Schema toConnect(Schema record) {
    SchemaBuilder fields = SchemaBuilder.struct().name(record.getFullName());
    for (Schema.Field field : record.getFields()) {
      fields.field(field.name(), field(field));
    }
    return fields.build();
  }

  /** The type of a union with null, or of a union of one; any other schema itself. */
  static Schema present(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    List<Schema> types =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    return types.size() == 1 ? types.get(0) : schema;
  }

  /** Of an int that a producer of Connect made from a smaller number. */
  static boolean small(Schema schema, String type) {
    return type.equals(schema.getProp(SMALL));
  }

  private static org.apache.kafka.connect.data.Schema field(Schema.Field field) {
    SchemaBuilder builder = builder(field.schema());
    Object standard = field.hasDefaultValue() ? field.defaultVal() : JsonProperties.NULL_VALUE;
    Object value = standard(standard, present(field.schema()));
    return value == null ? builder.build() : builder.defaultValue(value).build();
  }

  private static SchemaBuilder builder(Schema schema) {
    Schema present = present(schema);
    SchemaBuilder builder = required(present);
    return schema.isUnion() && schema.isNullable() ? builder.optional() : builder;
  }

  private static SchemaBuilder required(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return Decimal.builder(decimal.getScale())
          .parameter(SchemaEncoders.DECIMAL_PRECISION, Integer.toString(decimal.getPrecision()));
    }
    if (logical instanceof LogicalTypes.Date) {
      return org.apache.kafka.connect.data.Date.builder();
    }
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return Timestamp.builder();
    }
    if (logical instanceof LogicalTypes.TimestampMicros
        || logical instanceof LogicalTypes.TimestampNanos) {
      return SchemaBuilder.int64().name(logical.getName());
    }
    return switch (schema.getType()) {
      case STRING -> SchemaBuilder.string();
      case BYTES, FIXED -> SchemaBuilder.bytes();
      case BOOLEAN -> SchemaBuilder.bool();
      case INT -> integer(schema);
      case LONG -> SchemaBuilder.int64();
      case FLOAT -> SchemaBuilder.float32();
      case DOUBLE -> SchemaBuilder.float64();
      case ENUM -> symbols(schema);
      case ARRAY -> SchemaBuilder.array(builder(schema.getElementType()).build());
      case MAP, RECORD, UNION, NULL -> SchemaBuilder.struct().name(nameOf(schema));
    };
  }

  private static SchemaBuilder integer(Schema schema) {
    if (small(schema, "int8")) {
      return SchemaBuilder.int8();
    }
    return small(schema, "int16") ? SchemaBuilder.int16() : SchemaBuilder.int32();
  }

  private static SchemaBuilder symbols(Schema schema) {
    SchemaBuilder text = SchemaBuilder.string();
    schema.getEnumSymbols().forEach(symbol -> text.parameter(SchemaEncoders.ENUM + symbol, symbol));
    return text;
  }

  private static String nameOf(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        ? schema.getFullName()
        : schema.getType().getName();
  }

  /** A default in Connect's words; null for none, and for one that no column could have. */
  private static Object standard(Object value, Schema schema) {
    if (value == JsonProperties.NULL_VALUE) {
      return null;
    }
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      byte[] bytes = (byte[]) value;
      return bytes.length == 0 ? null : new BigDecimal(new BigInteger(bytes), decimal.getScale());
    }
    if (logical instanceof LogicalTypes.Date) {
      return new Date(TimeUnit.DAYS.toMillis(((Number) value).longValue()));
    }
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return Date.from(Instant.ofEpochMilli(((Number) value).longValue()));
    }
    return switch (schema.getType()) {
      case INT -> small(schema, ((Number) value).intValue());
      case ARRAY -> ((List<?>) value).isEmpty() ? List.of() : null;
      case BYTES, FIXED, MAP, RECORD, UNION, NULL -> null;
      default -> value;
    };
  }

  private static Object small(Schema schema, int value) {
    if (small(schema, "int8")) {
      return (byte) value;
    }
    return small(schema, "int16") ? (Object) (short) value : (Object) value;
  }
}
