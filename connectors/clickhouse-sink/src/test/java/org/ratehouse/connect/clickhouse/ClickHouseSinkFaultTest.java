package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** What becomes of a batch when the real engine dies, or will not have it. */
class ClickHouseSinkFaultTest extends EngineTest {
  @Test
  void a_server_that_dies_between_batches_costs_and_doubles_nothing() throws Exception {
    var task = start();
    write(task, List.of(Fixtures.candleAt(1, 1, "10")));
    engine.kill();
    var batch = List.of(Fixtures.record(other("B"), 2));
    task.put(batch);
    assertEquals(2, safe(task, batch), "nothing beyond the first record is acknowledged");
    assertThrows(RetriableException.class, () -> task.put(List.of()));
    engine.start();
    putUntilTaken(task, List.of());
    assertEquals(3, safe(task, batch));
    assertEquals("10\t1\n10\t1", engine.query(CLOSES));
  }

  @Test
  void a_server_killed_while_it_writes_costs_and_doubles_nothing() throws Exception {
    var task = start(Map.of("insert.max.rows", "500"));
    int batches = 60;
    var retries = new AtomicInteger();
    var written = new AtomicInteger();
    var writing =
        CompletableFuture.runAsync(
            () -> {
              for (int batch = 0; batch < batches; batch++) {
                var records = Fixtures.minutes(batch * 1_000, 1_000);
                retries.addAndGet(putUntilTaken(task, records));
                while (safe(task, records) < (batch + 1) * 1_000) {
                  retries.addAndGet(putUntilTaken(task, List.of()));
                }
                written.incrementAndGet();
              }
            });
    for (int kill = 0; kill < 3; kill++) {
      // Further on in the stream each time, and with batches left, so that every kill meets the
      // writer.
      while (written.get() < 10 * (kill + 1)) {
        assertTrue(!writing.isDone(), "the writer ended before its time");
        Thread.onSpinWait();
      }
      engine.kill();
      engine.start();
    }
    writing.get(240, TimeUnit.SECONDS);
    assertTrue(retries.get() > 0, "no kill met a write");
    assertEquals(
        batches * 1_000 + "\t" + batches * 3_000,
        engine.query("SELECT count(), sum(trade_count) FROM silver.candles_1m"));
  }

  @Test
  void a_wrong_password_stops_the_task_and_is_not_repeated() {
    var refusal =
        assertThrows(Refusal.class, () -> start(Map.of("clickhouse.password", "hunter2")));
    assertEquals(Reason.CLICKHOUSE_FAILED, refusal.reason());
    assertFalse(refusal.toString().contains("hunter2"), refusal.toString());
    assertTrue(refusal.getMessage().contains("516"), refusal.toString());
  }

  /** The offset that Connect may commit after these records. */
  private static long safe(ClickHouseSinkTask task, List<SinkRecord> records) {
    return task.preCommit(taken(records)).values().iterator().next().offset();
  }

  /** As Connect does it: the same batch, until it is taken. Returns how often it was not. */
  private static int putUntilTaken(ClickHouseSinkTask task, List<SinkRecord> batch) {
    for (int retries = 0; ; retries++) {
      try {
        task.put(batch);
        return retries;
      } catch (RetriableException later) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }
}
