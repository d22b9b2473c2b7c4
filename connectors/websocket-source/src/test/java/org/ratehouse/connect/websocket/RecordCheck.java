package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions.DecimalConversion;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Holds a record against the contract as a converter would: it can be written, and read back. */
final class RecordCheck {

  /** A producer takes a megabyte at most; a larger record would end its task again and again. */
  private static final int MOST_BYTES = 256 * 1024;

  private static final DecimalConversion DECIMALS = new DecimalConversion();
  private static final Map<String, Schema> CONTRACTS =
      Map.of(
          "ratehouse.Trade", contract("trades"),
          "ratehouse.RefusedTrade", contract("trades-dlq"),
          "ratehouse.FeedEvent", contract("feed-events"));

  private RecordCheck() {}

  static void check(List<SourceRecord> records) {
    records.forEach(RecordCheck::check);
  }

  private static void check(SourceRecord record) {
    Struct value = (Struct) record.value();
    value.validate();
    Schema schema = CONTRACTS.get(value.schema().name());
    GenericRecord written = avro(schema, value);
    byte[] bytes = encode(schema, written);
    byte[] key = ((String) record.key()).getBytes(StandardCharsets.UTF_8);
    assertTrue(bytes.length + key.length <= MOST_BYTES, () -> bytes.length + " bytes of " + record);
    GenericRecord read = decode(schema, bytes);
    if (schema.getName().equals("Trade")) {
      // Text that has no UTF-8 would come back as another.
      assertEquals(record.key(), new String(key, StandardCharsets.UTF_8));
      assertEquals(value.getString("symbol"), read.get("symbol").toString());
      assertEquals(value.getArray("conditions").toString(), read.get("conditions").toString());
    }
  }

  private static GenericRecord avro(Schema schema, Struct struct) {
    GenericRecord record = new GenericData.Record(schema);
    for (Field field : schema.getFields()) {
      // A field that the contract got since is for the configuration to fill.
      record.put(
          field.name(),
          struct.schema().field(field.name()) == null
              ? GenericData.get().getDefaultValue(field)
              : avro(field.schema(), struct.get(field.name())));
    }
    return record;
  }

  private static Object avro(Schema schema, Object value) {
    if (value == null) {
      return null;
    }
    Schema type = schema.getType() == Type.UNION ? schema.getTypes().get(1) : schema;
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return DECIMALS.toBytes((BigDecimal) value, type, decimal);
    }
    return value instanceof Date date ? date.getTime() : value;
  }

  private static byte[] encode(Schema schema, GenericRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static GenericRecord decode(Schema schema, byte[] bytes) {
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema contract(String name) {
    try {
      return new Schema.Parser().parse(new File("../../contracts", name + ".avsc"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
