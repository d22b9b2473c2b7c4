package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.ratehouse.connect.clickhouse.ColumnType.Kind;

/** How a field's bytes become a column's, for each pair of types that {@link StructPlan} allows. */
final class AvroFields {
  private AvroFields() {}

  static AvroField of(Schema schema, ColumnType column) {
    AvroField value = nullable(required(AvroSchemas.present(schema), column), column.nullable());
    return schema.isUnion() ? union(schema, value) : value;
  }

  /** Writes that a value is there, where the column might hold none. */
  private static AvroField nullable(AvroField value, boolean nullable) {
    if (!nullable) {
      return value;
    }
    return (in, out) -> {
      out.flag(false);
      value.copy(in, out);
    };
  }

  private static AvroField union(Schema schema, AvroField value) {
    List<Schema> types = schema.getTypes();
    int size = types.size();
    int none = types.stream().map(Schema::getType).toList().indexOf(Schema.Type.NULL);
    return (in, out) -> {
      int index = in.decoder().readIndex();
      if (index < 0 || index >= size) {
        throw new AvroRuntimeException("branch " + index + " of a union of " + size);
      }
      if (index == none) {
        out.flag(true);
      } else {
        value.copy(in, out);
      }
    };
  }

  private static AvroField required(Schema schema, ColumnType column) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal) {
      return decimal(schema, column);
    }
    if (column.kind() == Kind.DATETIME64) {
      UnitTime time = new UnitTime(digits(schema.getLogicalType()), column);
      return (in, out) -> time.write(in.decoder().readLong(), out);
    }
    return switch (schema.getType()) {
      case STRING -> column.kind() == Kind.STRING ? AvroFields::copyBytes : text(column);
      case BYTES -> AvroFields::copyBytes;
      case FIXED -> {
        int size = schema.getFixedSize();
        yield (in, out) -> out.binary(in.fixed(size).array(), size);
      }
      case ENUM -> symbol(schema, column);
      case BOOLEAN -> (in, out) -> out.flag(in.decoder().readBoolean());
      case FLOAT -> (in, out) -> out.float32(in.decoder().readFloat());
      case DOUBLE -> (in, out) -> out.float64(in.decoder().readDouble());
      case INT -> integer(schema, column);
      case LONG -> {
        FieldEncoder integer = ColumnValues.integer(column);
        yield column.kind() == Kind.INT64
            ? (in, out) -> out.int64(in.decoder().readLong())
            : (in, out) -> integer.write(in.decoder().readLong(), out);
      }
      case ARRAY -> array(of(schema.getElementType(), column.element()));
      default -> throw new IllegalArgumentException(schema + " is written to no column");
    };
  }

  private static int digits(LogicalType time) {
    return time instanceof LogicalTypes.TimestampMillis
        ? 3
        : SchemaEncoders.FINER_TIMES.get(time.getName());
  }

  /** As they are: a string that is no UTF-8 is not repaired. */
  private static void copyBytes(AvroInput in, RowBinary out) throws IOException {
    ByteBuffer bytes = in.bytes();
    out.binary(bytes.array(), bytes.limit());
  }

  private static AvroField decimal(Schema schema, ColumnType column) {
    DecimalBytes decimal = new DecimalBytes(column);
    if (schema.getType() == Schema.Type.FIXED) {
      int size = schema.getFixedSize();
      return (in, out) -> decimal.write(in.fixed(size).array(), size, out);
    }
    return (in, out) -> {
      ByteBuffer bytes = in.bytes();
      decimal.write(bytes.array(), bytes.limit(), out);
    };
  }

  private static AvroField text(ColumnType column) {
    FieldEncoder symbol = ColumnValues.symbol(column);
    return (in, out) -> {
      ByteBuffer bytes = in.bytes();
      symbol.write(new String(bytes.array(), 0, bytes.limit(), StandardCharsets.UTF_8), out);
    };
  }

  private static AvroField symbol(Schema schema, ColumnType column) {
    List<String> symbols = schema.getEnumSymbols();
    FieldEncoder symbol =
        column.kind() == Kind.STRING
            ? (value, out) -> out.string((String) value)
            : ColumnValues.symbol(column);
    return (in, out) -> {
      int index = in.decoder().readEnum();
      if (index < 0 || index >= symbols.size()) {
        throw new AvroRuntimeException("symbol " + index + " of " + symbols.size());
      }
      symbol.write(symbols.get(index), out);
    };
  }

  private static AvroField integer(Schema schema, ColumnType column) {
    if (schema.getLogicalType() instanceof LogicalTypes.Date) {
      FieldEncoder days = ColumnValues.days(column);
      return (in, out) -> days.write((long) in.decoder().readInt(), out);
    }
    FieldEncoder integer = ColumnValues.integer(column);
    return column.kind() == Kind.INT32
        ? (in, out) -> out.int32(in.decoder().readInt())
        : (in, out) -> integer.write((long) in.decoder().readInt(), out);
  }

  /** Avro sends arrays in parts and their whole length nowhere, the server wants it first. */
  private static AvroField array(AvroField element) {
    RowBinary elements = new RowBinary();
    return (in, out) -> {
      elements.truncate(0);
      int length = 0;
      for (long part = in.decoder().readArrayStart(); part > 0; part = in.decoder().arrayNext()) {
        length = Math.addExact(length, Math.toIntExact(part));
        for (long i = 0; i < part; i++) {
          element.copy(in, elements);
        }
      }
      out.length(length);
      out.copy(elements, 0, elements.size());
    };
  }
}
