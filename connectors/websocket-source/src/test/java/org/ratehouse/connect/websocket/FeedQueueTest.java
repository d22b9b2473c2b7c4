package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedQueueTest {

  private static FeedBatch batch(int trades, long bytes) {
    return new FeedBatch(List.of(), null, trades, bytes);
  }

  private static List<Integer> trades(List<FeedBatch> batches) {
    return batches.stream().map(FeedBatch::trades).toList();
  }

  /** Puts on a thread of its own; done when it is in, or was refused. */
  private static CompletableFuture<Boolean> put(FeedQueue queue, FeedBatch batch) throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(queue.put(batch));
              } catch (InterruptedException e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    Await.until(
        "it is in or waits", () -> done.isDone() || thread.getState() == Thread.State.WAITING);
    return done;
  }

  @Test
  void aTakeReturnsWholeBatchesUpToItsLimitInTheirOrder() throws Exception {
    FeedQueue queue = new FeedQueue(100, 100);
    for (int size : new int[] {3, 3, 3, 1}) {
      queue.put(batch(size, 1));
    }

    assertEquals(List.of(3, 3), trades(queue.take(0, 8)));
    assertEquals(List.of(3, 1), trades(queue.take(0, 8)));
    assertEquals(List.of(), trades(queue.take(0, 8)));
  }

  @Test
  void aBatchLargerThanTheLimitIsTakenAlone() throws Exception {
    FeedQueue queue = new FeedQueue(100, 100);
    queue.put(batch(50, 1));
    queue.put(batch(1, 1));

    assertEquals(List.of(50), trades(queue.take(0, 8)));
  }

  @Test
  void aFullQueueMakesThePutterWaitUntilThereIsRoom() throws Exception {
    FeedQueue queue = new FeedQueue(10, 100);
    queue.put(batch(6, 1));
    queue.put(batch(4, 1));
    CompletableFuture<Boolean> waiting = put(queue, batch(1, 1));
    assertFalse(waiting.isDone());
    assertEquals(10, queue.trades());

    queue.take(0, 6);
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(5, queue.trades());
  }

  @Test
  void bytesFillAQueueToo() throws Exception {
    FeedQueue queue = new FeedQueue(10, 100);
    queue.put(batch(1, 99));
    CompletableFuture<Boolean> waiting = put(queue, batch(1, 2));
    assertFalse(waiting.isDone());
    assertEquals(99, queue.bytes());

    queue.take(0, 1);
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(2, queue.bytes());
  }

  @Test
  void aBatchLargerThanTheQueueIsLetIntoAnEmptyOne() throws Exception {
    FeedQueue queue = new FeedQueue(10, 100);

    assertTrue(queue.put(batch(50, 5_000)));
    assertEquals(List.of(50), trades(queue.take(0, 8)));
  }

  @Test
  void aClosedQueueSendsTheOneWhoWaitsAwayAndTellsSo() throws Exception {
    FeedQueue queue = new FeedQueue(1, 1);
    queue.put(batch(1, 1));
    CompletableFuture<Boolean> waiting = put(queue, batch(1, 1));
    queue.close();

    assertFalse(waiting.get(20, TimeUnit.SECONDS));
    assertFalse(queue.put(batch(1, 1)));
    assertEquals(1, queue.trades());
  }

  @Test
  void aFinishedQueueGivesWhatItHasAndLetsNobodyWaitForMore() throws Exception {
    FeedQueue queue = new FeedQueue(10, 10);
    queue.put(batch(1, 1));
    queue.finish();

    assertEquals(List.of(1), trades(queue.take(3_600_000, 8)));
    assertEquals(List.of(), trades(queue.take(3_600_000, 8)));
  }
}
