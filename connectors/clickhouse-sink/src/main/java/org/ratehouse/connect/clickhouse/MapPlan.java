package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * Records of JSON without a schema: the table says what a record has to have, and each record is
 * held against it. A key that is absent is the column's default or null, if it has one.
 */
final class MapPlan implements RowPlan {
  private final List<Table.Column> values;
  private final List<FieldEncoder> encoders = new ArrayList<>();
  private final Set<String> names;

  private MapPlan(Table table) {
    values =
        table.columns().stream()
            .filter(Table.Column::writable)
            .filter(column -> !TableCheck.filledBySink(column.name()))
            .toList();
    names = values.stream().map(Table.Column::name).collect(Collectors.toSet());
    List<String> faults = new ArrayList<>();
    for (Table.Column column : values) {
      JsonEncoders.choose(column.type())
          .ifPresentOrElse(
              encoders::add,
              () -> faults.add("column " + column.name() + " is " + column.type().text()));
    }
    if (!faults.isEmpty()) {
      throw new Refusal(
          Reason.SCHEMA_MISMATCH,
          String.format(
              "table %s cannot be filled from JSON without a schema: %s",
              table.name(), String.join("; ", faults)));
    }
  }

  static MapPlan of(Table table) {
    return new MapPlan(table);
  }

  @Override
  public List<String> columns() {
    List<String> columns = new ArrayList<>(values.stream().map(Table.Column::name).toList());
    columns.add(TableCheck.INCARNATION);
    columns.add(TableCheck.OFFSET);
    return columns;
  }

  @Override
  public Format format() {
    return Format.ROW_BINARY_WITH_DEFAULTS;
  }

  @Override
  public void write(SinkRecord record, long incarnation, RowBinary out) {
    Map<?, ?> map = (Map<?, ?>) record.value();
    checkNames(record, map);
    for (int i = 0; i < encoders.size(); i++) {
      Table.Column column = values.get(i);
      boolean absent = !map.containsKey(column.name());
      out.flag(absent && !column.ordinary());
      if (absent && !column.ordinary()) {
        continue;
      }
      try {
        encoders.get(i).write(map.get(column.name()), out);
      } catch (ArithmeticException fault) {
        throw RowPlan.outOfRange(record, column.name(), fault);
      }
    }
    out.flag(false);
    out.int32((int) incarnation);
    out.flag(false);
    out.int64(record.originalKafkaOffset());
  }

  private void checkNames(SinkRecord record, Map<?, ?> map) {
    Set<String> unknown = new TreeSet<>();
    map.keySet().stream()
        .map(String::valueOf)
        .filter(key -> !names.contains(key))
        .forEach(unknown::add);
    if (!unknown.isEmpty()) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s has keys that no column takes: %s",
              Coordinates.of(record), String.join(", ", unknown)));
    }
  }
}
