package org.ratehouse.connect.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is taken in and not yet given to the worker, bounded in trades and in bytes. Who puts into a
 * full queue waits, and so the socket is not read meanwhile. A batch that is larger than the whole
 * queue is let into an empty one.
 */
final class FeedQueue {

  private final int maxTrades;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition filled = lock.newCondition();
  private final Queue<FeedBatch> batches = new ArrayDeque<>();
  private int trades;
  private long bytes;
  private boolean finished;
  private boolean closed;

  FeedQueue(int maxTrades, long maxBytes) {
    this.maxTrades = maxTrades;
    this.maxBytes = maxBytes;
  }

  /** Waits until there is room; false when the queue was closed, and the batch is not in. */
  boolean put(FeedBatch batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !batches.isEmpty() && !hasRoomFor(batch)) {
        room.await();
      }
      if (!closed) {
        batches.add(batch);
        trades += batch.trades();
        bytes += batch.bytes();
        filled.signal();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoomFor(FeedBatch batch) {
    return trades + batch.trades() <= maxTrades && bytes + batch.bytes() <= maxBytes;
  }

  /**
   * Whole batches up to so many trades, and at least one if there is one, however large; waits up
   * to so many milliseconds for it. Empty when none came.
   */
  List<FeedBatch> take(long waitMs, int mostTrades) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(waitMs);
      while (batches.isEmpty() && !finished && left > 0) {
        left = filled.awaitNanos(left);
      }
      List<FeedBatch> taken = new ArrayList<>();
      int takenTrades = 0;
      for (FeedBatch next = batches.peek();
          next != null && (taken.isEmpty() || takenTrades + next.trades() <= mostTrades);
          next = batches.peek()) {
        taken.add(batches.remove());
        takenTrades += next.trades();
        bytes -= next.bytes();
      }
      trades -= takenTrades;
      room.signal();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** No more is put in; what is there can be taken, and nobody waits for more. */
  void finish() {
    lock.lock();
    try {
      finished = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody takes any more: whoever waits to put something in is sent away. */
  void close() {
    lock.lock();
    try {
      closed = true;
      finished = true;
      room.signalAll();
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int trades() {
    lock.lock();
    try {
      return trades;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
