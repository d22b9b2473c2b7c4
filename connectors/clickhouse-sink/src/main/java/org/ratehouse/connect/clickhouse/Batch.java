package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Encoded rows of one table and one plan, each with its record's place. It is filled by the task's
 * thread; once it is sent nothing is added to it, so the thread that sends may read it.
 */
final class Batch {
  private static final int INITIAL_ROWS = 1024;

  private final RowPlan plan;
  private final boolean keepRecords;
  private final boolean suspect;
  private final RowBinary bytes;
  private final List<SinkRecord> records = new ArrayList<>();
  private final Map<Integer, Long> lowest = new HashMap<>();
  private int[] ends = new int[INITIAL_ROWS];
  private int[] partitions = new int[INITIAL_ROWS];
  private long[] offsets = new long[INITIAL_ROWS];
  private int rows;
  private int lastPartition = -1;
  private long lastLowest;

  /**
   * @param expected bytes that it is likely to get
   * @param keepRecords whether a row's record may be asked for: it costs memory, and only a
   *     dead-letter queue needs it
   */
  Batch(RowPlan plan, int expected, boolean keepRecords) {
    this(plan, expected, keepRecords, false);
  }

  private Batch(RowPlan plan, int expected, boolean keepRecords, boolean suspect) {
    this.bytes = new RowBinary(expected);
    this.plan = plan;
    this.keepRecords = keepRecords;
    this.suspect = suspect;
  }

  /** Adds the record's row, or nothing of it when a value does not fit. */
  void add(SinkRecord record, long incarnation) {
    int before = bytes.size();
    try {
      plan.write(record, incarnation, bytes);
    } catch (RuntimeException poisoned) {
      bytes.truncate(before);
      throw poisoned;
    }
    place(record.originalKafkaPartition(), record.originalKafkaOffset());
    if (keepRecords) {
      records.add(record);
    }
  }

  RowPlan plan() {
    return plan;
  }

  RowBinary bytes() {
    return bytes;
  }

  int rows() {
    return rows;
  }

  int size() {
    return bytes.size();
  }

  /** Whether the server refused a batch that this one is a part of, though the table takes rows. */
  boolean suspect() {
    return suspect;
  }

  /** The lowest offset of each partition. */
  Map<Integer, Long> lowest() {
    return lowest;
  }

  String place(String topic, int row) {
    return new Coordinates(topic, partitions[row], offsets[row]).toString();
  }

  /** Of a batch that keeps its records. */
  SinkRecord record(int row) {
    return records.get(row);
  }

  /** Two halves of a batch that has more than one row, in the same order. */
  List<Batch> halves() {
    int middle = rows / 2;
    return List.of(part(row -> row < middle, true), part(row -> row >= middle, true));
  }

  Batch without(IntPredicate revoked) {
    return part(row -> !revoked.test(partitions[row]), suspect);
  }

  private Batch part(IntPredicate wanted, boolean suspected) {
    Batch part = new Batch(plan, size() / 2, keepRecords, suspected);
    for (int row = 0; row < rows; row++) {
      if (wanted.test(row)) {
        part.bytes.copy(bytes, row == 0 ? 0 : ends[row - 1], ends[row]);
        part.place(partitions[row], offsets[row]);
        if (keepRecords) {
          part.records.add(records.get(row));
        }
      }
    }
    return part;
  }

  private void place(int partition, long offset) {
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, rows * 2);
      partitions = Arrays.copyOf(partitions, rows * 2);
      offsets = Arrays.copyOf(offsets, rows * 2);
    }
    ends[rows] = bytes.size();
    partitions[rows] = partition;
    offsets[rows] = offset;
    // Rows of a partition come in order, so this is done once for many of them.
    if (partition != lastPartition || offset < lastLowest) {
      lastLowest = lowest.merge(partition, offset, Math::min);
      lastPartition = partition;
    }
    rows++;
  }
}
