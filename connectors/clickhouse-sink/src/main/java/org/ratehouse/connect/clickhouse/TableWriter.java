package org.ratehouse.connect.clickhouse;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of one topic to its table: while one insert is on its way the next batch
 * fills. Used by the task's thread alone; only the insert itself runs on another.
 */
final class TableWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

  private final TopicTable target;
  private final TableStore store;
  private final ErrantRecords errant;
  private final TablePlans plans;
  private final BatchQueue queue;
  private final Backoff backoff;
  private final Executor executor;
  private final TableMetrics metrics;
  private final LongSupplier clockMs;

  private FutureTask<Void> insert;
  private long insertSince;
  private StoreFailure failure;
  private long retryAt;

  TableWriter(TopicTable target, WriterParts parts, BatchQueue queue, Backoff backoff) {
    this.target = target;
    this.store = parts.store();
    this.errant = parts.errant();
    this.executor = parts.executor();
    this.metrics = new TableMetrics(parts.metrics(), target.table());
    this.clockMs = parts.clockMs();
    this.plans = new TablePlans(target, parts.store(), parts.shapes().get(), parts.evolution());
    this.queue = queue;
    this.backoff = backoff;
  }

  String topic() {
    return target.topic();
  }

  /** What is known of the table; refused when it cannot keep the promise. */
  TablePlans plans() {
    return plans;
  }

  /** Takes the record, or hands it to the dead-letter queue when it does not fit. */
  void take(SinkRecord record) {
    try {
      queue.add(plans.of(record), record);
    } catch (Refusal refusal) {
      if (!refusal.reason().ofRecord()) {
        throw refusal;
      }
      errant.report(record, refusal);
      metrics.errant();
    }
    if (queue.full()) {
      advance(0);
    }
  }

  /** Goes on as far as it can within that time: takes what an insert came to and sends the next. */
  void advance(long waitMs) {
    long deadline = clockMs.getAsLong() + waitMs;
    while (true) {
      if (insert != null && !finished(Math.max(0, deadline - clockMs.getAsLong()))) {
        return;
      }
      if (failure != null && clockMs.getAsLong() < retryAt) {
        return;
      }
      queue.seal(clockMs.getAsLong());
      if (!sendNext()) {
        // Also when the partitions of what failed were revoked meanwhile.
        failure = null;
        return;
      }
    }
  }

  /** As {@link #advance}, with all that was taken and not only with what is due. */
  void flush(long waitMs) {
    queue.sealAll(clockMs.getAsLong());
    advance(waitMs);
  }

  /** Why nothing can be written now, or null. */
  StoreFailure failure() {
    return failure;
  }

  boolean full() {
    return queue.full();
  }

  /** Tells what waits, for whoever looks at the metrics. */
  void measure() {
    metrics.waiting(queue.rows(), queue.bytes());
  }

  /** When there is something to do; empty when nothing waits for time alone. */
  OptionalLong dueAt() {
    if (failure != null) {
      return OptionalLong.of(retryAt);
    }
    return insert == null ? queue.dueAt() : OptionalLong.of(clockMs.getAsLong());
  }

  OptionalLong lowest(int partition) {
    return queue.lowest(partition);
  }

  void drop(Collection<Integer> partitions) {
    int rows = queue.drop(partitions);
    if (rows > 0) {
      LOG.info(
          "{} rows of partitions {} of {} were not acknowledged; their next owner writes them.",
          rows,
          partitions,
          target.topic());
    }
  }

  private boolean sendNext() {
    Batch batch = queue.send();
    if (batch == null) {
      return false;
    }
    RowPlan plan = batch.plan();
    insert =
        new FutureTask<>(
            () -> store.insert(target.table(), plan.columns(), plan.format(), batch.bytes()), null);
    insertSince = clockMs.getAsLong();
    executor.execute(insert);
    return true;
  }

  private boolean finished(long waitMs) {
    try {
      insert.get(waitMs, TimeUnit.MILLISECONDS);
      insert = null;
      acknowledged();
    } catch (TimeoutException notYet) {
      return false;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failed) {
      insert = null;
      if (!(failed.getCause() instanceof StoreFailure known)) {
        throw new ConnectException("inserting into " + target.table(), failed.getCause());
      }
      failed(known);
    }
    return true;
  }

  private void acknowledged() {
    Batch batch = queue.sent();
    metrics.inserted(batch.rows(), batch.size(), clockMs.getAsLong() - insertSince);
    if (failure != null) {
      LOG.info("Table {} takes rows again.", target.table());
    }
    failure = null;
    backoff.succeeded();
    queue.acknowledge();
  }

  private void failed(StoreFailure known) {
    Batch batch = queue.sent();
    if (batch.rows() == 0) {
      // All of its partitions were revoked meanwhile.
      queue.acknowledge();
      return;
    }
    switch (known.kind()) {
      case RETRIABLE -> later(known);
      case REFUSED -> refused(batch, known);
      case BROKEN -> throw stop(batch, known);
    }
  }

  private void later(StoreFailure known) {
    queue.sendAgain();
    failure = known;
    retryAt = clockMs.getAsLong() + backoff.failed();
    metrics.retried();
  }

  /** Halves until the row is found that the server will not have; its neighbours are written. */
  private void refused(Batch batch, StoreFailure known) {
    if (!batch.suspect()) {
      try {
        // The same insert without rows: refused too, it is not a row's fault but the table's.
        store.insert(
            target.table(), batch.plan().columns(), batch.plan().format(), new RowBinary());
      } catch (StoreFailure probe) {
        if (probe.kind() == StoreFailure.Kind.RETRIABLE) {
          later(probe);
          return;
        }
        throw stop(batch, probe);
      }
    }
    metrics.refused();
    if (batch.rows() > 1) {
      queue.halve();
      return;
    }
    Refusal refusal =
        new Refusal(
            Reason.ROW_REFUSED,
            String.format(
                "table %s: the server refused %s: %s",
                target.table(), batch.place(target.topic(), 0), known.getMessage()),
            known);
    errant.report(errant.keeps() ? batch.record(0) : null, refusal);
    metrics.errant();
    queue.acknowledge();
  }

  private Refusal stop(Batch batch, StoreFailure known) {
    return new Refusal(
        Reason.CLICKHOUSE_FAILED,
        String.format(
            "table %s: insert of %d rows, %s to %s, failed: %s",
            target.table(),
            batch.rows(),
            batch.place(target.topic(), 0),
            batch.place(target.topic(), batch.rows() - 1),
            known.getMessage()),
        known);
  }

  /** For the message of a failure that is waited out. */
  String waiting() {
    return String.format(
        "table %s: %d rows of %s wait: %s",
        target.table(), queue.rows(), target.topic(), failure.getMessage());
  }
}
