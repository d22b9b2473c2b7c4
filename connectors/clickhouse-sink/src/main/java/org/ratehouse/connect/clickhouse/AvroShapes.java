package org.ratehouse.connect.clickhouse;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * Records of Avro as they are in Kafka: a zero, the schema's id in four bytes, the value. The
 * registry is asked once for each id, for what an id means never changes.
 */
final class AvroShapes implements RecordShapes {
  /** Bytes before the value. */
  static final int HEADER = 1 + Integer.BYTES;

  private final SchemaRegistry registry;
  private final Map<Integer, AvroShape> known = new HashMap<>();
  private AvroShape last;

  AvroShapes(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Shape of(SinkRecord record) {
    int id = id(record);
    if (last == null || last.id() != id) {
      last = shape(id, record);
    }
    return last;
  }

  @Override
  public Optional<Shape> expected(String topic) {
    return registry
        .latest(topic + "-value")
        .filter(found -> found.schema().getType() == Schema.Type.RECORD)
        .map(found -> known.computeIfAbsent(found.id(), id -> new AvroShape(id, found.schema())));
  }

  private AvroShape shape(int id, SinkRecord record) {
    AvroShape found = known.get(id);
    if (found == null) {
      Schema schema =
          registry
              .byId(id)
              .orElseThrow(
                  () -> refused(record, "has schema " + id + ", which the registry does not know"));
      if (schema.getType() != Schema.Type.RECORD) {
        throw refused(record, "is a " + schema.getType().getName() + ", wanted a record");
      }
      found = new AvroShape(id, schema);
      known.put(id, found);
    }
    return found;
  }

  private static int id(SinkRecord record) {
    if (!(record.value() instanceof byte[] bytes)) {
      String found = record.value().getClass().getSimpleName();
      throw refused(record, "is a " + found + ", wanted bytes as they are in Kafka; no transform");
    }
    if (bytes.length < HEADER || bytes[0] != 0) {
      throw refused(record, "has no schema's id before it: a zero and four bytes");
    }
    return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
  }

  private static Refusal refused(SinkRecord record, String what) {
    return new Refusal(Reason.RECORD_SHAPE, Coordinates.of(record) + " " + what);
  }
}
