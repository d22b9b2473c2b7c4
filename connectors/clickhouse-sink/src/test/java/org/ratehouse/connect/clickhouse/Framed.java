package org.ratehouse.connect.clickhouse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of Avro as a producer leaves them in Kafka. */
final class Framed {
  private Framed() {}

  static byte[] value(int id, Object record, Schema schema) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<>(schema, new GenericData()).write(record, encoder);
      encoder.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return out.toByteArray();
  }

  static SinkRecord record(String topic, byte[] value, long offset) {
    return new SinkRecord(
        topic,
        0,
        null,
        null,
        org.apache.kafka.connect.data.Schema.OPTIONAL_BYTES_SCHEMA,
        value,
        offset);
  }
}
