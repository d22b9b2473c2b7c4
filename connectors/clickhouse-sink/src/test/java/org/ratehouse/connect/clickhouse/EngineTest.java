package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The engine, the tables as they are shipped, and tasks that are stopped in the end. */
@Tag("engine")
abstract class EngineTest {
  static final String CLOSES =
      "SELECT toString(close), generation FROM silver.candles_1m ORDER BY symbol";

  @TempDir static Path directory;
  static EmbeddedClickHouse engine;
  final TaskContext context = new TaskContext();
  private final List<ClickHouseSinkTask> tasks = new ArrayList<>();

  @BeforeAll
  static void startEngine() throws Exception {
    engine = new EmbeddedClickHouse(directory);
    engine.start();
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void emptyTables() throws Exception {
    engine.query("DROP DATABASE IF EXISTS silver SYNC");
    for (String file : List.of("databases.sql", "candles_1m.sql", "moving_averages.sql")) {
      engine.runFile(file);
    }
    // Merges would hide what only FINAL makes right.
    engine.query("SYSTEM STOP MERGES");
  }

  @AfterEach
  void stopTasks() {
    tasks.forEach(ClickHouseSinkTask::stop);
  }

  final ClickHouseSinkTask start() {
    return start(Map.of());
  }

  final ClickHouseSinkTask start(Map<String, String> more) {
    Map<String, String> options = engine.options();
    options.putAll(more);
    ClickHouseSinkTask task = new ClickHouseSinkTask();
    tasks.add(task);
    task.initialize(context);
    task.start(options);
    return task;
  }

  /** As Connect does it: the batch, then empty ones until all of it may be committed. */
  final void write(ClickHouseSinkTask task, List<SinkRecord> records) {
    task.put(records);
    Map<TopicPartition, OffsetAndMetadata> taken = taken(records);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!taken.equals(task.preCommit(taken))) {
      assertTrue(System.nanoTime() < deadline, "not acknowledged within a minute");
      task.put(List.of());
    }
  }

  /** The offsets after the last record of each partition, as Connect counts them. */
  static Map<TopicPartition, OffsetAndMetadata> taken(List<SinkRecord> records) {
    Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>();
    for (SinkRecord record : records) {
      var partition = new TopicPartition(record.topic(), record.kafkaPartition());
      taken.put(partition, new OffsetAndMetadata(record.kafkaOffset() + 1));
    }
    return taken;
  }

  static Struct other(String symbol) {
    return Fixtures.candle(symbol, 1, "10");
  }
}
