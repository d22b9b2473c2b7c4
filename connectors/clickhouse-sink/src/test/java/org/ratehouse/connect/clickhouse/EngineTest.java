package org.ratehouse.connect.clickhouse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
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
    task.initialize(new TaskContext());
    task.start(options);
    return task;
  }

  static Struct other(String symbol) {
    return Fixtures.candle(symbol, 1, "10");
  }
}
