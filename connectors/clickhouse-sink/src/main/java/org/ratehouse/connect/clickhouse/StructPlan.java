package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** Records with a schema: every field has its column, checked once for each schema. */
final class StructPlan implements RowPlan {
  private final List<String> columns;
  private final List<Field> fields;
  private final List<FieldEncoder> encoders;

  private StructPlan(List<String> columns, List<Field> fields, List<FieldEncoder> encoders) {
    this.columns = List.copyOf(columns);
    this.fields = List.copyOf(fields);
    this.encoders = List.copyOf(encoders);
  }

  static StructPlan of(Table table, Schema schema) {
    List<String> columns = new ArrayList<>();
    List<FieldEncoder> encoders = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Field field : schema.fields()) {
      columns.add(field.name());
      match(table, field, encoders, faults);
    }
    for (Table.Column column : table.columns()) {
      boolean ours = TableCheck.filledBySink(column.name());
      boolean wanted = column.ordinary() && !column.type().nullable();
      if (wanted && !ours && schema.field(column.name()) == null) {
        faults.add("column " + column.name() + " has no field and no default");
      }
    }
    if (!faults.isEmpty()) {
      throw new Refusal(
          Reason.SCHEMA_MISMATCH,
          String.format(
              "schema %s does not fit table %s: %s",
              schema.name(), table.name(), String.join("; ", faults)));
    }
    columns.add(TableCheck.INCARNATION);
    columns.add(TableCheck.OFFSET);
    return new StructPlan(columns, schema.fields(), encoders);
  }

  private static void match(
      Table table, Field field, List<FieldEncoder> encoders, List<String> faults) {
    String name = field.name();
    if (TableCheck.filledBySink(name)) {
      faults.add("field " + name + " has the name of a column that the sink fills");
      return;
    }
    Table.Column column = table.column(name).filter(Table.Column::writable).orElse(null);
    if (column == null) {
      faults.add(
          "field " + name + " has no column to be written to (schema.evolution=true adds it)");
      return;
    }
    SchemaEncoders.choose(field.schema(), column.type())
        .ifPresentOrElse(
            encoders::add,
            () ->
                faults.add(
                    String.format(
                        "field %s is %s, column %s is %s",
                        name, describe(field.schema()), name, column.type().text())));
  }

  private static String describe(Schema schema) {
    String type = schema.name() == null ? schema.type().getName() : schema.name();
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      String precision = schema.parameters().get(SchemaEncoders.DECIMAL_PRECISION);
      String scale = schema.parameters().get(Decimal.SCALE_FIELD);
      type = String.format("decimal(%s, %s)", precision == null ? "?" : precision, scale);
    }
    if (schema.type() == Schema.Type.ARRAY) {
      type = "array of " + describe(schema.valueSchema());
    }
    if (!SchemaEncoders.symbols(schema).isEmpty()) {
      type = "enum of " + String.join(", ", SchemaEncoders.symbols(schema));
    }
    return schema.isOptional() ? "optional " + type : type;
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
    Struct struct = (Struct) record.value();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      try {
        encoders.get(i).write(value(struct, field), out);
      } catch (ArithmeticException fault) {
        throw RowPlan.outOfRange(record, field.name(), fault);
      }
    }
    out.int32((int) incarnation);
    out.int64(record.originalKafkaOffset());
  }

  /** Not get() alone: it would put the schema's default where the producer wrote null. */
  private static Object value(Struct struct, Field field) {
    return field.schema().defaultValue() == null
        ? struct.get(field)
        : struct.getWithoutDefault(field.name());
  }
}
