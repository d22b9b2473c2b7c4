package org.ratehouse.connect.clickhouse;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the records of one topic to its table. Used by the task's thread alone. */
final class TableWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

  private final TableStore store;
  private final String name;
  private final long incarnation;
  private final int maxRows;
  private final RowBinary rows = new RowBinary();
  private final Map<Schema, RowPlan> plans = new HashMap<>();

  private Table table;
  private Schema schema;
  private RowPlan plan;
  private Coordinates first;
  private Coordinates last;

  TableWriter(TableStore store, String name, long incarnation, int maxRows) {
    this.store = store;
    this.name = name;
    this.incarnation = incarnation;
    this.maxRows = maxRows;
  }

  /** Reads the table and refuses one that cannot keep the promise; does nothing the second time. */
  void open() {
    if (table == null) {
      table = describe();
      LOG.info("Table {} takes rows of topic incarnation {}.", name, incarnation);
    }
  }

  /** Sends as soon as there are enough rows, and before rows of another shape. */
  void add(SinkRecord record) {
    open();
    checkShape(record);
    if (record.valueSchema() != schema) {
      RowPlan next = planFor(record.valueSchema());
      if (next != plan) {
        flush();
      }
      schema = record.valueSchema();
      plan = next;
    }
    plan.write(record, incarnation, rows);
    last = Coordinates.of(record);
    first = first == null ? last : first;
    if (rows.rows() >= maxRows) {
      flush();
    }
  }

  void flush() {
    if (rows.rows() == 0) {
      return;
    }
    try {
      store.insert(name, plan.columns(), rows);
    } catch (StoreFailure failure) {
      throw raise(String.format("insert of %d rows, %s to %s,", rows.rows(), first, last), failure);
    }
    LOG.debug("Inserted {} rows into {}, {} to {}.", rows.rows(), name, first, last);
    discard();
  }

  /** Connect delivers the whole batch again after a failure, so nothing of it may stay. */
  void discard() {
    rows.clear();
    first = null;
    last = null;
  }

  private RowPlan planFor(Schema wanted) {
    RowPlan known = plans.get(wanted);
    if (known == null) {
      try {
        known = RowPlan.of(table, wanted);
      } catch (Refusal stale) {
        // The table may have got the new column since it was read.
        table = describe();
        known = RowPlan.of(table, wanted);
      }
      plans.put(wanted, known);
    }
    return known;
  }

  private Table describe() {
    try {
      Table found =
          store
              .describe(name)
              .orElseThrow(
                  () ->
                      new Refusal(
                          Reason.TABLE_MISSING,
                          String.format("there is no table %s; create it first", name)));
      TableCheck.check(found);
      return found;
    } catch (StoreFailure failure) {
      throw raise("reading the table's columns", failure);
    }
  }

  private void checkShape(SinkRecord record) {
    if (record.value() == null) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a tombstone; table %s keeps its rows, nothing can be deleted through the sink",
              Coordinates.of(record), name));
    }
    if (!(record.value() instanceof Struct)) {
      throw new Refusal(
          Reason.RECORD_SHAPE,
          String.format(
              "%s is a %s, wanted a struct with its schema; check value.converter",
              Coordinates.of(record), record.value().getClass().getSimpleName()));
    }
  }

  private RuntimeException raise(String what, StoreFailure failure) {
    String message = String.format("table %s: %s failed: %s", name, what, failure.getMessage());
    return failure.retriable()
        ? new RetriableException(message, failure)
        : new Refusal(Reason.CLICKHOUSE_FAILED, message, failure);
  }
}
