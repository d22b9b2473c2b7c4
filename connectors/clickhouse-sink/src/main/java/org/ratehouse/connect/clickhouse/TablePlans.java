package org.ratehouse.connect.clickhouse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
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
  private final Map<Schema, RowPlan> plans = new HashMap<>();

  private Table table;
  private Schema lastSchema;
  private RowPlan lastPlan;

  TablePlans(TopicTable target, TableStore store, boolean evolution) {
    this.target = target;
    this.store = store;
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

  /** The plan for the record's schema; refused when the schema does not fit the table. */
  RowPlan of(SinkRecord record) {
    checkShape(record);
    // A converter hands out the same object for the same schema.
    if (record.valueSchema() != lastSchema || lastPlan == null) {
      open();
      lastPlan = plans.get(record.valueSchema());
      if (lastPlan == null) {
        lastPlan = make(record.valueSchema());
        plans.put(record.valueSchema(), lastPlan);
      }
      lastSchema = record.valueSchema();
    }
    return lastPlan;
  }

  /** Whether the record's schema was checked, or the record has nothing to check. */
  boolean knows(SinkRecord record) {
    return !fits(record)
        || (lastPlan != null && record.valueSchema() == lastSchema)
        || plans.containsKey(record.valueSchema());
  }

  private RowPlan make(Schema schema) {
    RowPlan made;
    try {
      made = plan(schema);
    } catch (Refusal stale) {
      // The table may have got the new column since it was read.
      table = describe();
      if (evolution && schema != null) {
        addColumns(schema);
      }
      made = plan(schema);
    }
    if (evolution && schema != null) {
      // Not only when a column was added: whoever added it may have died before the view.
      List<String> names = schema.fields().stream().map(Field::name).toList();
      ask("extending its views", () -> store.extendViews(target.table(), names));
    }
    return made;
  }

  private void addColumns(Schema schema) {
    List<NewColumn> missing = NewColumns.of(table, schema);
    if (missing.isEmpty()) {
      return;
    }
    // Refused before anything is changed when the schema would not fit even then.
    StructPlan.of(table.with(missing.stream().map(NewColumn::column).toList()), schema);
    LOG.info("Table {} gets columns {} for {}.", target.table(), missing, schema.name());
    ask("adding columns", () -> store.addColumns(target.table(), missing));
    table = describe();
    // They were made for the table as it was.
    plans.clear();
  }

  private RowPlan plan(Schema schema) {
    return schema == null ? MapPlan.of(table) : StructPlan.of(table, schema);
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

  private void checkShape(SinkRecord record) {
    if (record.value() == null) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a tombstone; table %s keeps its rows, nothing can be deleted through the sink",
              Coordinates.of(record), target.table()));
    }
    if (!fits(record)) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a %s, wanted a record with its schema or a JSON object; check value.converter",
              Coordinates.of(record), record.value().getClass().getSimpleName()));
    }
  }

  private static boolean fits(SinkRecord record) {
    return record.valueSchema() == null
        ? record.value() instanceof Map
        : record.value() instanceof Struct;
  }
}
