package org.ratehouse.connect.clickhouse;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** Records as a converter hands them out: with a schema, or JSON objects without. */
final class ConnectShapes implements RecordShapes {
  private static final Shape JSON = new Json();

  private Fields last;

  @Override
  public Shape of(SinkRecord record) {
    Schema schema = record.valueSchema();
    boolean fits =
        schema == null ? record.value() instanceof Map : record.value() instanceof Struct;
    if (!fits) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a %s, wanted a record with its schema or a JSON object; check value.converter",
              Coordinates.of(record), record.value().getClass().getSimpleName()));
    }
    if (schema == null) {
      return JSON;
    }
    // A converter hands out the same object for the same schema.
    if (last == null || last.fields != schema) {
      last = new Fields(schema);
    }
    return last;
  }

  /** The first record tells. */
  @Override
  public Optional<Shape> expected(String topic) {
    return Optional.empty();
  }

  private record Fields(Schema fields) implements Shape {
    @Override
    public Optional<Schema> schema() {
      return Optional.of(fields);
    }

    @Override
    public RowPlan plan(Table table) {
      return StructPlan.of(table, fields);
    }
  }

  private record Json() implements Shape {
    @Override
    public Optional<Schema> schema() {
      return Optional.empty();
    }

    @Override
    public RowPlan plan(Table table) {
      return MapPlan.of(table);
    }
  }
}
