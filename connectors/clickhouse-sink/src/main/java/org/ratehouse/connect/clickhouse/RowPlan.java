package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** How records of one schema become rows of one table; made and checked once for each schema. */
final class RowPlan {
  private final List<String> columns;
  private final List<Field> fields;
  private final List<FieldEncoder> encoders;

  private RowPlan(List<String> columns, List<Field> fields, List<FieldEncoder> encoders) {
    this.columns = List.copyOf(columns);
    this.fields = List.copyOf(fields);
    this.encoders = List.copyOf(encoders);
  }

  static RowPlan of(Table table, Schema schema) {
    List<String> columns = new ArrayList<>();
    List<FieldEncoder> encoders = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Field field : schema.fields()) {
      columns.add(field.name());
      match(table, field, encoders, faults);
    }
    for (Table.Column column : table.columns()) {
      boolean ours =
          column.name().equals(TableCheck.INCARNATION) || column.name().equals(TableCheck.OFFSET);
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
    return new RowPlan(columns, schema.fields(), encoders);
  }

  private static void match(
      Table table, Field field, List<FieldEncoder> encoders, List<String> faults) {
    String name = field.name();
    if (name.equals(TableCheck.INCARNATION) || name.equals(TableCheck.OFFSET)) {
      faults.add("field " + name + " has the name of a column that the sink fills");
      return;
    }
    Table.Column column = table.column(name).filter(Table.Column::writable).orElse(null);
    if (column == null) {
      faults.add("field " + name + " has no column to be written to");
      return;
    }
    FieldEncoder.choose(field.schema(), column.type())
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
      String precision = schema.parameters().get(FieldEncoder.DECIMAL_PRECISION);
      String scale = schema.parameters().get(Decimal.SCALE_FIELD);
      type = String.format("decimal(%s, %s)", precision == null ? "?" : precision, scale);
    }
    return schema.isOptional() ? "optional " + type : type;
  }

  /** The columns of a row in the order in which they are written. */
  List<String> columns() {
    return columns;
  }

  void write(SinkRecord record, long incarnation, RowBinary out) {
    Struct struct = (Struct) record.value();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      try {
        // Not get(): it would put the schema's default where the producer wrote null.
        encoders.get(i).write(struct.getWithoutDefault(field.name()), out);
      } catch (ArithmeticException fault) {
        throw new Refusal(
            Reason.VALUE_OUT_OF_RANGE,
            String.format(
                "field %s of %s: %s", field.name(), Coordinates.of(record), fault.getMessage()),
            fault);
      }
    }
    out.int32((int) incarnation);
    out.int64(record.originalKafkaOffset());
    out.endRow();
  }
}
