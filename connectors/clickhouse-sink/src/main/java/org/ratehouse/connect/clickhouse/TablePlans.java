package org.ratehouse.connect.clickhouse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.NewColumns.NewColumn;
import org.ratehouse.connect.clickhouse.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table as it was last read, and a plan for each schema that has come, checked once. */
final class TablePlans {
  private static final Logger LOG = LoggerFactory.getLogger(TablePlans.class);

  private final TopicTable target;
  private final TableStore store;
  private final boolean evolution;
  private final RecordShapes shapes;
  private final Map<Shape, RowPlan> plans = new HashMap<>();

  private Table table;
  private Shape lastShape;
  private RowPlan lastPlan;

  TablePlans(TopicTable target, TableStore store, RecordShapes shapes, boolean evolution) {
    this.target = target;
    this.store = store;
    this.shapes = shapes;
    this.evolution = evolution;
  }

  /** Reads the table and refuses one that cannot keep the promise; does nothing the second time. */
  void open() {
    if (table == null) {
      table = describe();
      LOG.info(
          "Table {} takes rows of topic {}, incarnation {}.",
          target.table(),
          target.topic(),
          target.incarnation());
    }
  }

  /** Refuses, before there is a record, what the topic's next records will not fit. */
  void expect() {
    shapes.expected(target.topic()).ifPresent(this::of);
  }

  /** The plan for the record's schema; refused when the schema does not fit the table. */
  RowPlan of(SinkRecord record) {
    return of(shape(record));
  }

  /** The record's shape if it was not held against the table yet, and is one. */
  Optional<Shape> unknown(SinkRecord record) {
    try {
      Shape shape = shape(record);
      boolean known = shape == lastShape || plans.containsKey(shape);
      return known ? Optional.empty() : Optional.of(shape);
    } catch (Refusal none) {
      if (none.reason().ofRecord()) {
        return Optional.empty();
      }
      throw none;
    }
  }

  /** As {@link #of(SinkRecord)}, for records of that shape. */
  RowPlan of(Shape shape) {
    if (shape != lastShape) {
      open();
      RowPlan plan = plans.get(shape);
      if (plan == null) {
        plan = make(shape);
        plans.put(shape, plan);
      }
      lastPlan = plan;
      lastShape = shape;
    }
    return lastPlan;
  }

  private RowPlan make(Shape shape) {
    RowPlan made;
    try {
      made = shape.plan(table);
    } catch (Refusal stale) {
      // The table may have got the new column since it was read.
      table = describe();
      if (evolution && shape.schema().isPresent()) {
        addColumns(shape);
      }
      made = shape.plan(table);
    }
    if (evolution && shape.schema().isPresent()) {
      // Not only when a column was added: whoever added it may have died before the view.
      List<String> names = shape.schema().get().fields().stream().map(Field::name).toList();
      ask("extending its views", () -> store.extendViews(target.table(), names));
    }
    return made;
  }

  private void addColumns(Shape shape) {
    Schema schema = shape.schema().orElseThrow();
    List<NewColumn> missing = NewColumns.of(table, schema);
    if (missing.isEmpty()) {
      return;
    }
    // Refused before anything is changed when the schema would not fit even then.
    shape.plan(table.with(missing.stream().map(NewColumn::column).toList()));
    LOG.info("Table {} gets columns {} for {}.", target.table(), missing, schema.name());
    ask("adding columns", () -> store.addColumns(target.table(), missing));
    table = describe();
    // They were made for the table as it was.
    plans.clear();
    lastShape = null;
  }

  private Table describe() {
    Optional<Table> found = ask("reading its columns", () -> store.describe(target.table()));
    Table described =
        found.orElseThrow(
            () ->
                new Refusal(
                    Reason.TABLE_MISSING,
                    String.format("there is no table %s; create it first", target.table())));
    TableCheck.check(described);
    return described;
  }

  private void ask(String what, Runnable change) {
    ask(
        what,
        () -> {
          change.run();
          return what;
        });
  }

  private <T> T ask(String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (StoreFailure failure) {
      String message =
          String.format("table %s: %s failed: %s", target.table(), what, failure.getMessage());
      throw failure.retriable()
          ? new RetriableException(message, failure)
          : new Refusal(Reason.CLICKHOUSE_FAILED, message, failure);
    }
  }

  private Shape shape(SinkRecord record) {
    if (record.value() == null) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a tombstone; table %s keeps its rows, nothing can be deleted through the sink",
              Coordinates.of(record), target.table()));
    }
    return shapes.of(record);
  }
}
