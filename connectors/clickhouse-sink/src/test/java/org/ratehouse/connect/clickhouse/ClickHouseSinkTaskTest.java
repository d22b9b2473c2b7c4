package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** What the task tells Connect, with a table in memory and a clock that the test turns. */
class ClickHouseSinkTaskTest {
  private static final TopicPartition CANDLES = new TopicPartition("candles-1m", 0);

  private final MemoryStore store = new MemoryStore();
  private final ClickHouseSinkTask task = new ClickHouseSinkTask();
  private final TaskContext context = new TaskContext();
  private long nowMs = 1_000;

  @Test
  void gathers_rows_of_many_polls_into_one_insert() {
    start(Map.of("insert.linger.ms", "500"));
    task.put(Fixtures.minutes(0, 1));
    task.put(Fixtures.minutes(1, 10));
    nowMs += 499;
    task.put(Fixtures.minutes(11, 10));
    assertEquals(List.of(1), store.inserts());
    assertEquals(1, context.timeoutMs, "Connect must call again when the rows are due");
    nowMs += 1;
    task.put(List.of());
    assertEquals(List.of(1, 20), store.inserts());
  }

  @Test
  void does_not_commit_what_is_not_acknowledged() {
    start(Map.of());
    store.failure = new ConnectException("refused");
    task.put(Fixtures.minutes(5, 10));
    assertEquals(5, safe(15));
    store.failure = null;
    nowMs += 60_000;
    task.put(List.of());
    assertEquals(15, safe(15));
  }

  @Test
  void commits_what_connect_skipped_when_nothing_before_it_waits() {
    start(Map.of());
    task.put(Fixtures.minutes(5, 10));
    assertEquals(40, safe(40), "offsets 15 to 39 were control records");
  }

  @Test
  void writes_what_it_holds_before_a_partition_goes_to_somebody_else() {
    start(Map.of());
    task.put(Fixtures.minutes(0, 10));
    assertEquals(10, safe(10));
    task.close(Set.of(CANDLES));
    assertEquals(List.of(10), store.inserts());
  }

  @Test
  void forgets_the_rows_of_a_partition_that_went_to_somebody_else() {
    start(Map.of());
    store.failure = new ConnectException("refused");
    task.put(Fixtures.minutes(0, 10));
    assertEquals(0, safe(10));
    task.close(Set.of(CANDLES));
    store.failure = null;
    nowMs += 60_000;
    task.put(List.of());
    assertEquals(List.of(), store.inserts());
  }

  @Test
  void a_batch_of_many_rows_is_split() {
    start(Map.of("insert.max.rows", "4", "insert.linger.ms", "0"));
    task.put(Fixtures.minutes(0, 10));
    assertEquals(List.of(4, 4, 2), store.inserts());
  }

  @Test
  void takes_nothing_while_the_table_cannot_be_written_to_and_loses_nothing() {
    start(Map.of("insert.linger.ms", "0", "retry.backoff.ms", "1000"));
    store.failure = new ConnectException("refused");
    task.put(Fixtures.minutes(0, 10));
    var failure = assertThrows(RetriableException.class, () -> task.put(Fixtures.minutes(10, 5)));
    assertTrue(failure.getMessage().contains("10 rows of candles-1m wait"), failure::toString);
    assertFalse(failure.toString().contains("open sesame"));
    assertTrue(context.timeoutMs >= 500 && context.timeoutMs <= 1000, "" + context.timeoutMs);
    store.failure = null;
    nowMs += context.timeoutMs;
    task.put(Fixtures.minutes(10, 5));
    assertEquals(List.of(10, 5), store.inserts());
    assertEquals(15, safe(15));
  }

  @Test
  void pauses_a_topic_that_comes_faster_than_its_table_takes_it() {
    Queue<Runnable> slow = new ArrayDeque<>();
    start(Map.of("insert.max.rows", "4"), slow::add);
    context.assignment.add(CANDLES);
    task.put(Fixtures.minutes(0, 8));
    assertEquals(Set.of(CANDLES), context.paused);
    while (!slow.isEmpty()) {
      slow.remove().run();
      task.put(List.of());
    }
    assertEquals(Set.of(), context.paused);
    assertEquals(List.of(4, 4), store.inserts());
  }

  @Test
  void a_poisoned_row_goes_to_the_dead_letters_and_its_neighbours_are_written() {
    start(tolerant());
    store.poisoned = Set.of(3L, 7L);
    task.put(Fixtures.minutes(0, 10));
    assertEquals(10, safe(10));
    assertEquals(Set.of(0L, 1L, 2L, 4L, 5L, 6L, 8L, 9L), store.offsets());
    assertEquals(List.of(3L, 7L), context.errant.stream().map(SinkRecord::kafkaOffset).toList());
    assertTrue(context.reasons.get(0).contains("candles-1m-0@3"), context.reasons.get(0));
  }

  @Test
  void a_poisoned_row_stops_the_task_which_says_where_and_does_not_commit_it() {
    start(Map.of("insert.linger.ms", "0"));
    store.poisoned = Set.of(3L);
    var refusal = assertThrows(Refusal.class, () -> task.put(Fixtures.minutes(0, 10)));
    assertEquals(Reason.ROW_REFUSED, refusal.reason());
    assertTrue(refusal.getMessage().contains("candles-1m-0@3:"), refusal.getMessage());
    assertEquals(3, safe(0 + 10));
  }

  @Test
  void a_table_that_takes_nothing_is_no_fault_of_its_rows() {
    start(tolerant());
    store.failure = MemoryStore.refused(60, "Table does not exist");
    var refusal = assertThrows(Refusal.class, () -> task.put(Fixtures.minutes(0, 10)));
    assertEquals(0, safe(10));
    assertEquals(Reason.CLICKHOUSE_FAILED, refusal.reason());
    assertEquals(List.of(), context.errant);
    assertTrue(refusal.getMessage().contains("candles-1m-0@0 to candles-1m-0@9"));
  }

  @Test
  void a_value_that_does_not_fit_goes_to_the_dead_letters_alone() {
    start(tolerant());
    task.put(
        List.of(
            Fixtures.candleAt(0, 1, "1"),
            Fixtures.candleAt(1, -1, "1"),
            new SinkRecord("candles-1m", 0, null, "A", Fixtures.CANDLE, null, 2),
            Fixtures.candleAt(3, 1, "1")));
    assertEquals(4, safe(4));
    assertEquals(Set.of(0L, 3L), store.offsets());
    assertEquals(2, context.errant.size());
  }

  @Test
  void a_server_that_is_down_at_the_start_is_asked_again_by_the_first_batch() {
    store.failure = new ConnectException("refused");
    assertDoesNotThrow(() -> start(Map.of()));
    assertThrows(RetriableException.class, () -> task.put(Fixtures.minutes(0, 1)));
    store.failure = null;
    task.put(Fixtures.minutes(0, 1));
    assertEquals(1, safe(1));
    assertEquals(List.of(1), store.inserts());
  }

  @Test
  void every_table_that_is_missing_is_named_at_the_start() {
    store.table = Optional.empty();
    var refusal = assertThrows(Refusal.class, () -> start(Map.of()));
    assertEquals(Reason.TABLE_MISSING, refusal.reason());
    assertTrue(refusal.getMessage().contains("no table candles_1m_rows"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("no table moving_averages_rows"));
  }

  @Test
  void a_column_added_while_the_task_runs_is_seen() {
    var whole = Fixtures.candles();
    store.table = Optional.of(Fixtures.without(whole, "turnover"));
    start(Map.of());
    store.table = Optional.of(whole);
    task.put(Fixtures.minutes(0, 1));
    assertEquals(1, safe(1));
  }

  @Test
  void tells_what_it_does_for_each_table() {
    start(tolerant());
    store.poisoned = Set.of(1L);
    task.put(Fixtures.minutes(0, 4));
    assertEquals(3.0, metric("rows-written-total"));
    assertEquals(2.0, metric("inserts-total"), "rows 2 and 3, and row 0");
    assertEquals(1.0, metric("errant-records-total"));
    assertEquals(3.0, metric("inserts-refused-total"), "all four, rows 0 and 1, row 1");
    assertEquals(0.0, metric("insert-retries-total"));
    assertEquals(0.0, metric("waiting-rows"));
    task.put(Fixtures.minutes(4, 3));
    assertEquals(3.0, metric("waiting-rows"));
  }

  @Test
  void a_record_of_a_topic_without_a_table_is_refused() {
    start(Map.of());
    var stray = new SinkRecord("trades", 0, null, null, Schema.STRING_SCHEMA, "x", 5);
    var refusal = assertThrows(Refusal.class, () -> task.put(List.of(stray)));
    assertEquals(Reason.TOPIC_WITHOUT_TABLE, refusal.reason());
  }

  private Object metric(String name) {
    return context.metrics.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(name))
        .filter(metric -> "candles_1m_rows".equals(metric.metricName().tags().get("table")))
        .findFirst()
        .orElseThrow()
        .metricValue();
  }

  private static Map<String, String> tolerant() {
    return Map.of("errors.tolerance", "all", "errors.deadletterqueue.topic.name", "silver-dlq");
  }

  private void start(Map<String, String> options) {
    start(options, Runnable::run);
  }

  private void start(Map<String, String> options, Executor executor) {
    task.initialize(context);
    task.start(
        new ClickHouseSinkConfig(Fixtures.options(options)),
        store,
        ConnectShapes::new,
        executor,
        () -> nowMs);
  }

  /** What may be committed when Connect has delivered all below that offset. */
  private long safe(long delivered) {
    return task.preCommit(Map.of(CANDLES, new OffsetAndMetadata(delivered))).get(CANDLES).offset();
  }
}
