package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * Rows straight from Avro's bytes: no object is made for a record or a field. Used by the task's
 * thread alone.
 */
final class AvroPlan implements RowPlan {
  private final String schema;
  private final List<String> columns;
  private final String[] names;
  private final AvroField[] fields;
  private final AvroInput in = new AvroInput();

  private AvroPlan(String schema, List<String> columns, String[] names, AvroField[] fields) {
    this.schema = schema;
    this.columns = columns;
    this.names = names;
    this.fields = fields;
  }

  /**
   * @param schema of a record that was found to fit the table
   * @param columns of its fields in their order, and of the record's place
   */
  static AvroPlan of(Table table, Schema schema, List<String> columns) {
    List<Schema.Field> fields = schema.getFields();
    return new AvroPlan(
        schema.getFullName(),
        columns,
        fields.stream().map(Schema.Field::name).toArray(String[]::new),
        fields.stream()
            .map(
                field ->
                    AvroFields.of(field.schema(), table.column(field.name()).orElseThrow().type()))
            .toArray(AvroField[]::new));
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Format format() {
    return Format.ROW_BINARY;
  }

  @Override
  public void write(SinkRecord record, long incarnation, RowBinary out) {
    int field = 0;
    try {
      in.begin((byte[]) record.value(), AvroShapes.HEADER);
      for (; field < fields.length; field++) {
        fields[field].copy(in, out);
      }
      if (!in.atEnd()) {
        throw broken(record, "after the last field", new IOException("there are more bytes"));
      }
    } catch (ArithmeticException fault) {
      throw RowPlan.outOfRange(record, names[field], fault);
    } catch (IOException | AvroRuntimeException | UnsupportedOperationException fault) {
      throw broken(record, "at field " + names[field], fault);
    }
    out.int32((int) incarnation);
    out.int64(record.originalKafkaOffset());
  }

  private Refusal broken(SinkRecord record, String where, Exception fault) {
    return new Refusal(
        Reason.RECORD_SHAPE,
        String.format(
            "%s is no value of its schema %s: %s: %s",
            Coordinates.of(record), schema, where, fault),
        fault);
  }
}
