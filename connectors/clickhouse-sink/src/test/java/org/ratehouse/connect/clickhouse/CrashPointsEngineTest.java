package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.UnreliableProxy.Fate;

/** One test for each line of DESIGN.md's table of crash points. */
class CrashPointsEngineTest extends EngineTest {
  private static final String TOTALS = "SELECT count(), sum(trade_count) FROM silver.candles_1m";
  private static final String STORED = "SELECT count() FROM silver.candles_1m_rows";

  private UnreliableProxy proxy;

  @BeforeEach
  void openProxy() {
    proxy = new UnreliableProxy(engine.url());
  }

  @AfterEach
  void closeProxy() {
    proxy.close();
  }

  @Test
  void an_insert_whose_acknowledgement_is_lost_is_written_again_and_reads_as_once()
      throws Exception {
    var task = throughProxy(Map.of());
    proxy.nextInsert(Fate.LOSE_THE_ANSWER);
    writeOverFailures(task, Fixtures.minutes(0, 100));
    assertEquals("200", engine.query(STORED), "it was to be there twice");
    assertEquals("100\t300", engine.query(TOTALS));
  }

  @Test
  void rows_acknowledged_and_not_committed_are_written_by_the_next_task_and_read_as_once()
      throws Exception {
    write(start(), Fixtures.minutes(0, 100));
    write(start(), Fixtures.minutes(0, 150));
    assertEquals("150\t450", engine.query(TOTALS));
  }

  @Test
  void an_insert_of_a_zombie_that_lands_last_does_not_win() throws Exception {
    var zombie = throughProxy(Map.of("insert.linger.ms", "0"));
    proxy.nextInsert(Fate.HOLD);
    zombie.put(List.of(Fixtures.candleAt(1, 1, "10")));
    proxy.awaitHeld();
    zombie.close(Set.of(new TopicPartition("candles-1m", 0)));
    write(start(), List.of(Fixtures.candleAt(1, 1, "10"), Fixtures.candleAt(2, 1, "20")));
    proxy.release();
    assertEquals("20\t1", engine.query(CLOSES));
  }

  @Test
  void an_insert_of_which_the_server_took_a_part_is_completed() throws Exception {
    var task = throughProxy(Map.of());
    proxy.nextInsert(Fate.TAKE_HALF);
    // Over many months: the server writes one part for each.
    List<SinkRecord> records = new ArrayList<>();
    for (int month = 0; month < 40; month++) {
      Date start = Date.from(Fixtures.MINUTE.plusSeconds(31L * 86_400 * month));
      records.add(Fixtures.record(Fixtures.candle("A", 1, "1").put("window_start", start), month));
    }
    writeOverFailures(task, records);
    assertEquals("60", engine.query(STORED), "half of it was to be there twice");
    assertEquals("40\t120", engine.query(TOTALS));
  }

  @Test
  void a_batch_of_several_inserts_that_fails_between_them_is_completed() throws Exception {
    var task = throughProxy(Map.of("insert.max.rows", "10"));
    var records = Fixtures.minutes(0, 100);
    proxy.nextInsert(Fate.LOSE_THE_ANSWER);
    writeOverFailures(task, records);
    assertTrue(proxy.inserts() >= 11, "inserts: " + proxy.inserts());
    assertEquals("100\t300", engine.query(TOTALS));
  }

  @Test
  void a_topic_created_anew_wins_over_its_former_life_written_late() throws Exception {
    write(
        start(Map.of("topic.incarnations", "candles-1m=2")),
        List.of(Fixtures.candleAt(0, 1, "20")));
    write(start(), List.of(Fixtures.candleAt(1_000_000, 1, "10")));
    assertEquals("20\t1", engine.query(CLOSES));
  }

  @Test
  void a_job_that_replaced_another_wins_over_its_rows_written_late() throws Exception {
    var task = start();
    write(task, List.of(Fixtures.candleAt(5, 2, "20")));
    write(task, List.of(Fixtures.candleAt(6, 1, "10")));
    assertEquals("20\t2", engine.query(CLOSES));
  }

  @Test
  void rows_are_written_again_after_they_were_deleted_by_hand() throws Exception {
    // As a Replicated table does by default: an insert of the same rows is taken for a repetition.
    engine.query(
        "ALTER TABLE silver.candles_1m_rows MODIFY SETTING non_replicated_deduplication_window = 100");
    write(start(), Fixtures.minutes(0, 10));
    engine.query("SYSTEM START MERGES");
    engine.query("ALTER TABLE silver.candles_1m_rows DELETE WHERE 1 SETTINGS mutations_sync = 2");
    write(start(), Fixtures.minutes(0, 10));
    assertEquals("10\t30", engine.query(TOTALS));
  }

  private ClickHouseSinkTask throughProxy(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("clickhouse.url", proxy.url());
    options.put("retry.backoff.ms", "1");
    return start(options);
  }

  /** As Connect does it: again what was not taken, until all of it may be committed. */
  private static void writeOverFailures(ClickHouseSinkTask task, List<SinkRecord> records) {
    List<SinkRecord> left = records;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    var taken = taken(records);
    do {
      assertTrue(System.nanoTime() < deadline, "not acknowledged within a minute");
      try {
        task.put(left);
        left = List.of();
      } catch (RetriableException later) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    } while (!left.isEmpty() || !taken.equals(task.preCommit(taken)));
  }
}
