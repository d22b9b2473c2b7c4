package org.ratehouse.connect.websocket;

import java.util.List;

/** Carries what the state yields into the queue, in batches, waiting while it is full. */
final class Outflow {

  private final FeedState state;
  private final FeedQueue queue;
  private final UnblockedClock clock;
  private final FeedMetrics metrics;
  private final int enough;
  private long bytes;
  private volatile long unwritten;

  Outflow(
      FeedOptions options,
      FeedState state,
      FeedQueue queue,
      UnblockedClock clock,
      FeedMetrics metrics) {
    this.state = state;
    this.queue = queue;
    this.clock = clock;
    this.metrics = metrics;
    // Small enough that the worker gets its first trades soon and its transactions full.
    this.enough = Math.max(1, Math.min(options.batchMaxTrades(), options.queueMaxTrades()) / 4);
  }

  /** A frame of this size is about to be taken in. */
  void frame(int frameBytes) {
    bytes += frameBytes;
    metrics.frame(frameBytes);
  }

  void flushIfEnough() throws InterruptedException {
    if (state.waiting() >= enough) {
      flush();
    }
  }

  void flush() throws InterruptedException {
    if (state.waiting() == 0) {
      return;
    }
    List<FeedOutput> outputs = state.takeOutputs();
    metrics.outputs(outputs);
    int trades = 0;
    for (FeedOutput output : outputs) {
      trades += output instanceof FeedOutput.Event ? 0 : 1;
    }
    FeedBatch batch = new FeedBatch(outputs, state.offset(), trades, bytes);
    bytes = 0;
    long before = clock.beforeWait();
    if (!queue.put(batch)) {
      unwritten += trades;
    }
    clock.afterWait(before);
  }

  /** How many trades and refusals the queue did not take, for it was closed. */
  long unwritten() {
    return unwritten;
  }
}
