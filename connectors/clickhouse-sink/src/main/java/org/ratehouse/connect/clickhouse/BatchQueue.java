package org.ratehouse.connect.clickhouse;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The rows of one table that the server has not acknowledged: filling, ready to be sent, and sent.
 * Pure state, told the time; at most one batch is sent at a time.
 */
final class BatchQueue {
  private final BatchLimits limits;
  private final long incarnation;
  private final boolean keepRecords;
  // By plan, for records of an older and a newer schema come mixed while producers are replaced.
  private final Map<RowPlan, Batch> filling = new LinkedHashMap<>();
  private final Deque<Batch> ready = new ArrayDeque<>();
  private Batch sent;
  private int lastSize;
  private long sealableAt = Long.MIN_VALUE;

  BatchQueue(BatchLimits limits, long incarnation, boolean keepRecords) {
    this.limits = limits;
    this.incarnation = incarnation;
    this.keepRecords = keepRecords;
  }

  /** Adds a row; throws what the plan throws for a record that does not fit, and adds nothing. */
  void add(RowPlan plan, SinkRecord record) {
    Batch open = filling.get(plan);
    boolean first = open == null;
    if (first) {
      // As much as the last one took, and some more.
      open = new Batch(plan, lastSize + lastSize / 8, keepRecords);
    }
    open.add(record, incarnation);
    if (first) {
      filling.put(plan, open);
    }
    if (open.rows() >= limits.rows() || open.size() >= limits.bytes()) {
      ready.addLast(open);
      filling.remove(plan);
    }
  }

  /**
   * Makes ready what fills, unless that was done a moment ago: the first rows after a silence go at
   * once, those of a stream go together, and none waits longer than it may.
   */
  void seal(long nowMs) {
    if (!filling.isEmpty() && nowMs >= sealableAt) {
      sealAll(nowMs);
    }
  }

  void sealAll(long nowMs) {
    ready.addAll(filling.values());
    filling.clear();
    sealableAt = nowMs + limits.lingerMs();
  }

  /** Takes the next batch to send, or null; not while one is sent. */
  Batch send() {
    if (sent != null) {
      throw new IllegalStateException("a batch is being sent");
    }
    sent = ready.pollFirst();
    if (sent != null) {
      lastSize = sent.size();
    }
    return sent;
  }

  void acknowledge() {
    sent = null;
  }

  /** The batch that was sent failed and is the next to be sent. */
  void sendAgain() {
    if (sent.rows() > 0) {
      ready.addFirst(sent);
    }
    sent = null;
  }

  /** The server will not have the batch that was sent: the halves of it are the next to be sent. */
  void halve() {
    Iterator<Batch> halves = sent.halves().iterator();
    Batch first = halves.next();
    ready.addFirst(halves.next());
    ready.addFirst(first);
    sent = null;
  }

  /** What is sent, or null. */
  Batch sent() {
    return sent;
  }

  /** Whether more is ready than can be sent now: time to take no more rows. */
  boolean full() {
    return sent != null && !ready.isEmpty();
  }

  /** Forgets rows of partitions that somebody else writes from now on. */
  int drop(Collection<Integer> partitions) {
    Set<Integer> revoked = new HashSet<>(partitions);
    int before = rows();
    UnaryOperator<Batch> keep = batch -> batch.without(revoked::contains);
    filling.replaceAll((plan, open) -> keep.apply(open));
    filling.values().removeIf(open -> open.rows() == 0);
    Deque<Batch> kept = new ArrayDeque<>();
    ready.forEach(batch -> kept.addLast(keep.apply(batch)));
    ready.clear();
    ready.addAll(kept);
    ready.removeIf(batch -> batch.rows() == 0);
    sent = sent == null ? null : keep.apply(sent);
    return before - rows();
  }

  /** The lowest offset of a partition that is not acknowledged. */
  OptionalLong lowest(int partition) {
    return batches()
        .filter(batch -> batch.lowest().containsKey(partition))
        .mapToLong(batch -> batch.lowest().get(partition))
        .min();
  }

  int rows() {
    return batches().mapToInt(Batch::rows).sum();
  }

  long bytes() {
    return batches().mapToLong(Batch::size).sum();
  }

  /** When what fills is due; empty when nothing does. */
  OptionalLong dueAt() {
    return filling.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sealableAt);
  }

  private Stream<Batch> batches() {
    Stream<Batch> waiting = Stream.concat(ready.stream(), filling.values().stream());
    return sent == null ? waiting : Stream.concat(Stream.of(sent), waiting);
  }
}
