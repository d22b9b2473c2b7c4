package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.ratehouse.connect.clickhouse.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers rows over many polls and commits only offsets below the first row that the server has not
 * acknowledged.
 */
public final class ClickHouseSinkTask extends SinkTask {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseSinkTask.class);

  // Long enough for an insert that goes on, short enough that Connect stays in its group.
  private static final long BUSY_MS = 1_000;
  private static final long AGAIN_MS = 10_000;
  private static final long COMMIT_MS = 3_000;

  private final Map<String, TableWriter> writers = new LinkedHashMap<>();
  private final PausedTopics paused = new PausedTopics();
  private TableStore store;
  private ExecutorService threads;
  private LongSupplier clockMs;
  private long firstBackoffMs;
  private RuntimeException failure;

  @Override
  public String version() {
    return ClickHouseSinkConnector.VERSION;
  }

  @Override
  public void start(Map<String, String> options) {
    ClickHouseSinkConfig config = new ClickHouseSinkConfig(options);
    threads = Executors.newCachedThreadPool(ClickHouseSinkTask::insertThread);
    start(
        config,
        new ClickHouseStore(config),
        shapes(config),
        threads,
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  void start(
      ClickHouseSinkConfig config,
      TableStore tables,
      Supplier<RecordShapes> shapes,
      Executor executor,
      LongSupplier clock) {
    store = tables;
    clockMs = clock;
    firstBackoffMs = config.getLong(SinkOptions.RETRY_BACKOFF);
    ErrantRecords errant =
        new ErrantRecords(config.toleratesErrors() ? context.errantRecordReporter() : null);
    WriterParts parts =
        new WriterParts(
            store,
            errant,
            shapes,
            executor,
            context.pluginMetrics(),
            config.getBoolean(SinkOptions.EVOLUTION),
            clock);
    for (TopicTable target : config.targets()) {
      BatchQueue queue = new BatchQueue(config.limits(), target.incarnation(), errant.keeps());
      Backoff backoff =
          new Backoff(
              firstBackoffMs,
              config.getLong(SinkOptions.RETRY_BACKOFF_MAX),
              () -> ThreadLocalRandom.current().nextDouble());
      writers.put(target.topic(), new TableWriter(target, parts, queue, backoff));
    }
    try {
      openTables();
    } catch (RetriableException unreachable) {
      // Connect fails a task whose start throws; the first batch asks again and is repeated.
      LOG.warn("The tables could not be checked yet. {}", unreachable.getMessage());
    }
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    if (failure != null) {
      throw failure;
    }
    try {
      waitOut();
      checkSchemas(records);
      records.forEach(record -> writer(record).take(record));
      writers.values().forEach(this::press);
      writers.values().forEach(TableWriter::measure);
      if (due().isPresent()) {
        context.timeout(untilDue());
      }
    } catch (RetriableException later) {
      // Without it Connect waits for its next offset commit, a minute by default.
      context.timeout(due().isPresent() ? untilDue() : firstBackoffMs);
      throw later;
    } catch (RuntimeException fatal) {
      failure = fatal;
      throw fatal;
    }
  }

  /** Takes nothing while a table cannot be written to: Connect pauses and delivers this again. */
  private void waitOut() {
    writers.values().forEach(writer -> writer.advance(writer.failure() == null ? 0 : AGAIN_MS));
    List<String> waiting = new ArrayList<>();
    for (TableWriter writer : writers.values()) {
      if (writer.failure() != null) {
        waiting.add(writer.waiting());
      }
    }
    if (!waiting.isEmpty()) {
      throw new RetriableException(String.join("; ", waiting));
    }
  }

  /** How the values of records are read is decided here, once. */
  private static Supplier<RecordShapes> shapes(ClickHouseSinkConfig config) {
    if (!config.readsAvro()) {
      return ConnectShapes::new;
    }
    SchemaRegistry registry = new HttpSchemaRegistry(config);
    return () -> new AvroShapes(registry);
  }

  /** All tables are asked, so that one start tells all that is wrong with them. */
  private void openTables() {
    List<Refusal> faults = new ArrayList<>();
    for (TableWriter writer : writers.values()) {
      try {
        writer.plans().open();
        writer.plans().expect();
      } catch (Refusal fault) {
        faults.add(fault);
      }
    }
    Refusal.throwAny(faults);
  }

  /** Every schema that is new in this batch, before anything of the batch is taken. */
  private void checkSchemas(Collection<SinkRecord> records) {
    List<Refusal> faults = new ArrayList<>();
    Set<Shape> tried = Collections.newSetFromMap(new IdentityHashMap<>());
    for (SinkRecord record : records) {
      TablePlans plans = writer(record).plans();
      Optional<Shape> shape = plans.unknown(record);
      if (shape.isPresent() && tried.add(shape.get())) {
        try {
          plans.of(shape.get());
        } catch (Refusal fault) {
          faults.add(fault);
        }
      }
    }
    Refusal.throwAny(faults);
  }

  /** Sends what is due; a topic that comes faster than its table takes it is paused. */
  private void press(TableWriter writer) {
    writer.advance(0);
    if (writer.full()) {
      writer.advance(BUSY_MS);
    }
    paused.set(context, writer.topic(), writer.full());
  }

  private OptionalLong due() {
    return writers.values().stream()
        .flatMap(writer -> writer.dueAt().stream().boxed())
        .mapToLong(Long::longValue)
        .min();
  }

  private long untilDue() {
    return Math.max(1, due().orElseThrow() - clockMs.getAsLong());
  }

  /** Offsets below which everything is acknowledged; what was taken is written first, if it can. */
  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> current) {
    if (failure == null) {
      try {
        writers.values().forEach(writer -> writer.flush(0));
        writers.values().forEach(writer -> writer.flush(COMMIT_MS));
      } catch (RuntimeException fatal) {
        // Thrown here, Connect would go back to the last commit and never tell anybody.
        failure = fatal;
      }
    }
    Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>();
    current.forEach((partition, offset) -> safe.put(partition, safe(partition, offset)));
    return safe;
  }

  private OffsetAndMetadata safe(TopicPartition partition, OffsetAndMetadata current) {
    TableWriter writer = writers.get(partition.topic());
    OptionalLong lowest =
        writer == null ? OptionalLong.empty() : writer.lowest(partition.partition());
    return lowest.isPresent() && lowest.getAsLong() < current.offset()
        ? new OffsetAndMetadata(lowest.getAsLong())
        : current;
  }

  /** Connect has called {@link #preCommit} before, so what is left could not be written in time. */
  @Override
  public void close(Collection<TopicPartition> revoked) {
    for (TableWriter writer : writers.values()) {
      writer.drop(
          revoked.stream()
              .filter(partition -> partition.topic().equals(writer.topic()))
              .map(TopicPartition::partition)
              .toList());
    }
  }

  private TableWriter writer(SinkRecord record) {
    TableWriter writer = writers.get(record.originalTopic());
    if (writer == null) {
      throw new Refusal(
          Reason.TOPIC_WITHOUT_TABLE,
          String.format(
              "%s has no table; name its topic in %s", Coordinates.of(record), SinkOptions.TABLES));
    }
    return writer;
  }

  @Override
  public void stop() {
    // Connect calls it after a failed start too.
    if (threads != null) {
      threads.shutdownNow();
    }
    if (store != null) {
      store.close();
    }
  }

  private static Thread insertThread(Runnable insert) {
    Thread thread = new Thread(insert, "clickhouse-insert");
    thread.setDaemon(true);
    return thread;
  }
}
