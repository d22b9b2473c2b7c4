package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import org.apache.avro.LogicalTypes;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/** The contracts as the Avro converter hands them to a sink. */
final class Contracts {
  static final Path ROOT = Path.of(System.getProperty("ratehouse.root"));

  private Contracts() {}

  static Schema read(String topic) {
    org.apache.avro.Schema avro = avro(topic);
    SchemaBuilder record = SchemaBuilder.struct().name(avro.getFullName());
    avro.getFields().forEach(field -> record.field(field.name(), schema(field.schema())));
    return record.build();
  }

  /** A candle as {@link Fixtures#candle} has it, for Avro's generic writer. */
  static GenericData.Record candle(String symbol, int generation, String close) {
    Struct candle = Fixtures.candle(symbol, generation, close);
    GenericData.Record record = new GenericData.Record(avro("candles-1m"));
    for (Field field : candle.schema().fields()) {
      Object value = candle.get(field);
      if (value instanceof BigDecimal decimal) {
        value = ByteBuffer.wrap(decimal.unscaledValue().toByteArray());
      }
      record.put(field.name(), value instanceof Date time ? (Object) time.getTime() : value);
    }
    return record;
  }

  static org.apache.avro.Schema avro(String topic) {
    try {
      String text = Files.readString(ROOT.resolve("contracts").resolve(topic + ".avsc"));
      return new org.apache.avro.Schema.Parser().parse(text);
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
