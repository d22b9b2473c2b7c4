package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * The columns that a table lacks for a schema. Rows that are there already must read as a reader of
 * the new schema reads the old records: null, or the field's default; so a new field without either
 * is refused.
 */
final class NewColumns {
  /**
   * @param type in ClickHouse's words
   * @param byDefault an expression of the server, or empty for a column that is null by default
   */
  record NewColumn(String name, String type, String byDefault) {
    String definition() {
      return byDefault.isEmpty() ? type : type + " DEFAULT " + byDefault;
    }

    /** As the server will describe it. */
    Table.Column column() {
      String kind = byDefault.isEmpty() ? "" : "DEFAULT";
      return new Table.Column(name, ColumnType.parse(type), kind, byDefault);
    }
  }

  private NewColumns() {}

  /** Empty when every field has its column. */
  static List<NewColumn> of(Table table, Schema schema) {
    List<NewColumn> missing = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Field field : schema.fields()) {
      if (table.column(field.name()).isEmpty() && !TableCheck.filledBySink(field.name())) {
        define(field).ifPresentOrElse(missing::add, () -> faults.add(field.name()));
      }
    }
    if (!faults.isEmpty()) {
      throw new Refusal(
          Reason.SCHEMA_EVOLUTION,
          String.format(
              "table %s gets no column for %s of schema %s: a new field must be optional or have a"
                  + " default, be named by letters, digits and _, and have a type that a column"
                  + " holds exactly (a decimal needs its precision); add the column by hand",
              table.name(), String.join(", ", faults), schema.name()));
    }
    return missing;
  }

  private static Optional<NewColumn> define(Field field) {
    if (!TopicMap.isIdentifier(field.name())) {
      return Optional.empty();
    }
    Schema schema = field.schema();
    Optional<String> type = type(schema);
    if (schema.isOptional()) {
      return type.filter(text -> schema.type() != Schema.Type.ARRAY)
          .map(text -> new NewColumn(field.name(), "Nullable(" + text + ")", ""));
    }
    return type.flatMap(
        text -> byDefault(schema, text).map(value -> new NewColumn(field.name(), text, value)));
  }

  /** The type that holds every required value of the schema exactly. */
  private static Optional<String> type(Schema schema) {
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      return Optional.ofNullable(schema.parameters().get(SchemaEncoders.DECIMAL_PRECISION))
          .map(digits -> decimal(digits, schema.parameters().get(Decimal.SCALE_FIELD)));
    }
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return Optional.of("DateTime64(3)");
    }
    if (org.apache.kafka.connect.data.Date.LOGICAL_NAME.equals(schema.name())) {
      return Optional.of("Date32");
    }
    return switch (schema.type()) {
      case STRING, BYTES -> Optional.of("String");
      case BOOLEAN -> Optional.of("Bool");
      case INT8 -> Optional.of("Int8");
      case INT16 -> Optional.of("Int16");
      case INT32 -> schema.name() == null ? Optional.of("Int32") : Optional.empty();
      case INT64 ->
          schema.name() == null
              ? Optional.of("Int64")
              : Optional.ofNullable(SchemaEncoders.FINER_TIMES.get(schema.name()))
                  .map(digits -> "DateTime64(" + digits + ")");
      case FLOAT32 -> Optional.of("Float32");
      case FLOAT64 -> Optional.of("Float64");
      case ARRAY -> element(schema.valueSchema()).map(element -> "Array(" + element + ")");
      default -> Optional.empty();
    };
  }

  private static Optional<String> element(Schema schema) {
    if (!schema.isOptional()) {
      return type(schema);
    }
    return type(schema)
        .filter(text -> schema.type() != Schema.Type.ARRAY)
        .map(text -> "Nullable(" + text + ")");
  }

  private static String decimal(String precision, String scale) {
    return "Decimal(" + Integer.parseInt(precision) + ", " + Integer.parseInt(scale) + ")";
  }

  private static Optional<String> byDefault(Schema schema, String type) {
    Object value = schema.defaultValue();
    if (value instanceof Collection<?> list) {
      return list.isEmpty() ? Optional.of("[]") : Optional.empty();
    }
    if (value instanceof java.math.BigDecimal decimal) {
      return Optional.of(cast(decimal.toPlainString(), type));
    }
    boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
    return plain ? Optional.of(cast(value.toString(), type)) : Optional.empty();
  }

  private static String cast(String text, String type) {
    return "CAST('" + text.replace("\\", "\\\\").replace("'", "\\'") + "', '" + type + "')";
  }
}
