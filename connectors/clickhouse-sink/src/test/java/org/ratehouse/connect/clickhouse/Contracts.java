package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.LogicalTypes;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

/** The contracts as the Avro converter hands them to a sink. */
final class Contracts {
  static final Path ROOT = Path.of(System.getProperty("ratehouse.root"));

  private Contracts() {}

  static Schema read(String topic) {
    try {
      String text = Files.readString(ROOT.resolve("contracts").resolve(topic + ".avsc"));
      org.apache.avro.Schema avro = new org.apache.avro.Schema.Parser().parse(text);
      SchemaBuilder record = SchemaBuilder.struct().name(avro.getFullName());
      avro.getFields().forEach(field -> record.field(field.name(), schema(field.schema())));
      return record.build();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static SchemaBuilder decimal(int precision, int scale) {
    return Decimal.builder(scale)
        .parameter(SchemaEncoders.DECIMAL_PRECISION, Integer.toString(precision));
  }

  private static Schema schema(org.apache.avro.Schema avro) {
    if (avro.isUnion()) {
      return builder(avro.getTypes().get(1)).optional().build();
    }
    return builder(avro).build();
  }

  private static SchemaBuilder builder(org.apache.avro.Schema avro) {
    if (avro.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal(decimal.getPrecision(), decimal.getScale());
    }
    if (avro.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
      return Timestamp.builder();
    }
    return switch (avro.getType()) {
      case STRING -> SchemaBuilder.string();
      case INT -> SchemaBuilder.int32();
      case LONG -> SchemaBuilder.int64();
      case DOUBLE -> SchemaBuilder.float64();
      case BOOLEAN -> SchemaBuilder.bool();
      default -> throw new IllegalArgumentException("no contract of a sink has " + avro);
    };
  }
}
