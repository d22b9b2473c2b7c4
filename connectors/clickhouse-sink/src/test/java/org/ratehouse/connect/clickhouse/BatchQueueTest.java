package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private final RowPlan plan = StructPlan.of(Fixtures.candles(), Fixtures.CANDLE);
  private final RowPlan newer = StructPlan.of(Fixtures.candles(), Fixtures.CANDLE);
  private final BatchQueue queue = new BatchQueue(new BatchLimits(4, 100_000, 500), 1, true);

  @Test
  void the_first_rows_after_a_silence_go_at_once_and_those_of_a_stream_together() {
    add(plan, 0, 1);
    queue.seal(1_000);
    assertEquals(1, queue.send().rows());
    queue.acknowledge();
    add(plan, 0, 2);
    add(plan, 0, 3);
    assertEquals(OptionalLong.of(1_500), queue.dueAt());
    queue.seal(1_499);
    assertNull(queue.send());
    queue.seal(1_500);
    assertEquals(2, queue.send().rows());
  }

  @Test
  void a_batch_is_ready_by_its_rows() {
    fill(4);
    assertEquals(4, queue.send().rows());
  }

  @Test
  void a_batch_is_ready_by_its_bytes() {
    BatchQueue small = new BatchQueue(new BatchLimits(1_000, 300, 500), 1, false);
    for (int row = 0; row < 10; row++) {
      small.add(plan, record(0, row));
    }
    Batch first = small.send();
    assertTrue(first.size() >= 300 && first.size() < 600, "" + first.size());
  }

  @Test
  void rows_of_two_schemas_that_come_mixed_fill_two_batches_and_not_one_for_each_change() {
    for (int row = 0; row < 8; row++) {
      add(row % 2 == 0 ? plan : newer, 0, row);
    }
    assertEquals(4, queue.send().rows());
    queue.acknowledge();
    assertEquals(4, queue.send().rows());
  }

  @Test
  void only_one_batch_is_sent_at_a_time() {
    fill(8);
    queue.send();
    assertTrue(queue.full());
    assertThrows(IllegalStateException.class, queue::send);
  }

  @Test
  void the_lowest_offset_counts_what_is_sent_and_what_fills() {
    fill(4);
    queue.send();
    add(plan, 0, 9);
    assertEquals(OptionalLong.of(0), queue.lowest(0));
    queue.acknowledge();
    assertEquals(OptionalLong.of(9), queue.lowest(0));
    assertEquals(OptionalLong.empty(), queue.lowest(1));
  }

  @Test
  void a_batch_that_failed_is_sent_before_what_came_later() {
    fill(8);
    queue.send();
    queue.sendAgain();
    assertEquals(List.of(0L, 1L, 2L, 3L), offsets(queue.send()));
  }

  @Test
  void halves_have_every_row_once_and_in_order_down_to_one() {
    fill(4);
    queue.send();
    List<Long> seen = new ArrayList<>();
    queue.halve();
    for (Batch part = queue.send(); part != null; part = queue.send()) {
      assertTrue(part.suspect());
      if (part.rows() > 1) {
        queue.halve();
      } else {
        seen.addAll(offsets(part));
        queue.acknowledge();
      }
    }
    assertEquals(List.of(0L, 1L, 2L, 3L), seen);
  }

  @Test
  void a_half_has_the_very_bytes_of_its_rows() {
    fill(4);
    Batch whole = queue.send();
    List<Batch> halves = whole.halves();
    RowBinary joined = new RowBinary();
    halves.forEach(half -> joined.copy(half.bytes(), 0, half.size()));
    assertArrayEquals(whole.bytes().bytes(), joined.bytes());
  }

  @Test
  void revoked_rows_are_forgotten_wherever_they_wait_and_the_others_stay() {
    for (int row = 0; row < 10; row++) {
      add(plan, row % 2, row);
    }
    queue.send();
    assertEquals(5, queue.drop(List.of(1)));
    assertEquals(OptionalLong.empty(), queue.lowest(1));
    queue.sendAgain();
    queue.sealAll(0);
    List<Long> left = new ArrayList<>();
    for (Batch batch = queue.send(); batch != null; batch = queue.send()) {
      left.addAll(offsets(batch));
      queue.acknowledge();
    }
    assertEquals(List.of(0L, 2L, 4L, 6L, 8L), left);
  }

  @Test
  void a_record_that_does_not_fit_leaves_nothing_behind() {
    fill(1);
    long before = queue.bytes();
    Struct late = Fixtures.candle("A", -1, "1");
    assertThrows(Refusal.class, () -> queue.add(plan, Fixtures.record(late, 1)));
    assertEquals(before, queue.bytes());
    assertEquals(1, queue.rows());
    assertFalse(queue.full());
  }

  private void fill(int rows) {
    for (int row = 0; row < rows; row++) {
      add(plan, 0, row);
    }
  }

  private void add(RowPlan rowPlan, int partition, long offset) {
    queue.add(rowPlan, record(partition, offset));
  }

  private static SinkRecord record(int partition, long offset) {
    Struct value = Fixtures.candle("A", 1, "1");
    return new SinkRecord("candles-1m", partition, null, null, value.schema(), value, offset);
  }

  private static List<Long> offsets(Batch batch) {
    List<Long> offsets = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      offsets.add(batch.record(row).kafkaOffset());
    }
    return offsets;
  }
}
