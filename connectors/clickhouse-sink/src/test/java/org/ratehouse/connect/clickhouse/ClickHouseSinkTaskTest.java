package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

class ClickHouseSinkTaskTest {
  private final MemoryStore store = new MemoryStore();
  private final ClickHouseSinkTask task = new ClickHouseSinkTask();
  private final TaskContext context = new TaskContext();

  @Test
  void a_batch_is_one_insert_for_each_table() {
    start(Fixtures.options());
    task.put(candles(0, 10));
    assertEquals(List.of(10), store.inserts);
  }

  @Test
  void a_large_batch_is_split() {
    start(Fixtures.options("insert.max.rows", "4"));
    task.put(candles(0, 10));
    assertEquals(List.of(4, 4, 2), store.inserts);
  }

  @Test
  void a_batch_that_failed_is_delivered_again_whole_and_nothing_of_it_stays() {
    start(Fixtures.options());
    store.failure = new ConnectException("refused");
    var failure = assertThrows(RetriableException.class, () -> task.put(candles(0, 10)));
    assertTrue(
        failure.getMessage().contains("candles-1m-0@0 to candles-1m-0@9"), failure::toString);
    assertFalse(failure.toString().contains("open sesame"));
    assertEquals(2_000L, context.backoff);
    store.failure = null;
    task.put(candles(0, 10));
    assertEquals(List.of(10), store.inserts);
  }

  @Test
  void what_will_never_succeed_stops_the_task_and_says_where() {
    start(Fixtures.options());
    store.failure = new IllegalStateException("no such column");
    var refusal = assertThrows(Refusal.class, () -> task.put(candles(3, 2)));
    assertEquals(Reason.CLICKHOUSE_FAILED, refusal.reason());
    assertTrue(refusal.getMessage().contains("candles-1m-0@3 to candles-1m-0@4"));
  }

  @Test
  void a_server_that_is_down_at_the_start_is_asked_again_by_the_first_batch() {
    store.failure = new ConnectException("refused");
    assertDoesNotThrow(() -> start(Fixtures.options()));
    store.failure = null;
    task.put(candles(0, 1));
    assertEquals(List.of(1), store.inserts);
  }

  @Test
  void a_missing_table_is_refused_at_the_start() {
    store.table = Optional.empty();
    var refusal = assertThrows(Refusal.class, () -> start(Fixtures.options()));
    assertEquals(Reason.TABLE_MISSING, refusal.reason());
  }

  @Test
  void a_column_added_while_the_task_runs_is_seen() {
    var whole = Fixtures.candles();
    var less = whole.columns().stream().filter(c -> !c.name().equals("turnover")).toList();
    store.table = Optional.of(new Table(whole.name(), whole.engine(), whole.engineFull(), less));
    start(Fixtures.options());
    store.table = Optional.of(whole);
    task.put(candles(0, 1));
    assertEquals(List.of(1), store.inserts);
  }

  @Test
  void a_tombstone_is_refused_and_not_taken_for_an_empty_row() {
    start(Fixtures.options());
    var tombstone = new SinkRecord("candles-1m", 0, null, "A", Fixtures.CANDLE, null, 5);
    assertEquals(Reason.RECORD_SHAPE, refused(tombstone));
  }

  @Test
  void a_record_without_a_schema_or_a_table_is_refused() {
    start(Fixtures.options());
    assertEquals(
        Reason.RECORD_SHAPE,
        refused(new SinkRecord("candles-1m", 0, null, null, null, Map.of("a", 1), 5)));
    assertEquals(
        Reason.TOPIC_WITHOUT_TABLE,
        refused(new SinkRecord("trades", 0, null, null, Schema.STRING_SCHEMA, "x", 5)));
  }

  private void start(Map<String, String> options) {
    task.initialize(context);
    task.start(new ClickHouseSinkConfig(options), store);
  }

  private Reason refused(SinkRecord record) {
    return assertThrows(Refusal.class, () -> task.put(List.of(record))).reason();
  }

  private static List<SinkRecord> candles(int first, int count) {
    List<SinkRecord> records = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      records.add(Fixtures.candleAt(i, 1, "1"));
    }
    return records;
  }

  private static final class MemoryStore implements TableStore {
    private final List<Integer> inserts = new ArrayList<>();
    private Optional<Table> table = Optional.of(Fixtures.candles());
    private Exception failure;

    @Override
    public Optional<Table> describe(String name) {
      fail();
      return table;
    }

    @Override
    public void insert(String name, List<String> columns, RowBinary rows) {
      fail();
      inserts.add(rows.rows());
    }

    @Override
    public void close() {}

    private void fail() {
      if (failure != null) {
        throw StoreFailure.of(failure);
      }
    }
  }
}
