package org.ratehouse.connect.websocket;

import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the worker comes to an end with the records that it was given. It converts and
 * writes them on the thread that polls, and what it calls there may wait for ever: Apicurio's
 * client, for one, has no time-out for a registry that took the request and does not answer. The
 * task would stand RUNNING, with its feed connected and nothing written.
 *
 * <p>When the time is over, the thread is interrupted, which ends such a wait and with it the task.
 * Where the interrupt is swallowed, the next poll fails. A worker that has written all it was given
 * may stay away for as long as it likes, for the connector may be paused.
 */
final class WorkerWatch implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);
  private static final long LOOK_EVERY_MS = 500;

  private final String feed;
  private final long timeoutMs;
  private final Supplier<Moment> clock;
  private Thread worker;
  private long givenAt;
  private ConnectException failure;
  private boolean ended;

  WorkerWatch(String feed, long timeoutMs, Supplier<Moment> clock) {
    this.feed = feed;
    this.timeoutMs = timeoutMs;
    this.clock = clock;
  }

  /**
   * The worker asks for more, on the calling thread.
   *
   * @throws ConnectException when it was too late with what it was given before
   */
  synchronized void asked() {
    worker = null;
    if (failure != null) {
      // An interrupt that nobody took would disturb the worker while it ends the task.
      Thread.interrupted();
      throw failure;
    }
  }

  /** The worker is about to be given records, on the calling thread. */
  synchronized void given() {
    worker = Thread.currentThread();
    givenAt = clock.get().steadyMillis();
  }

  /** The worker has written all that it was given. */
  synchronized void written() {
    worker = null;
  }

  /** Interrupts the worker when its time is over, and again at every look until it comes back. */
  synchronized void look() {
    if (worker == null || clock.get().steadyMillis() - givenAt < timeoutMs) {
      return;
    }
    if (failure == null) {
      failure = failure(worker.getStackTrace());
      LOG.error("{}", failure.getMessage(), failure);
    }
    worker.interrupt();
  }

  /** Its stack is where the worker stands, for that is what has to be mended. */
  private ConnectException failure(StackTraceElement[] stack) {
    ConnectException late =
        new ConnectException(
            ("The worker has not written the records of feed %s for %d ms (%s). It waits without"
                    + " end, as a rule for the schema registry or for Kafka; the stack below says"
                    + " where. The task is made to fail: see to what it waits for, and restart it."
                    + " What was not written is then reported as a gap.")
                .formatted(feed, timeoutMs, FeedConfig.WORKER_TIMEOUT_MS));
    late.setStackTrace(stack);
    return late;
  }

  /** The task is over; from now on nobody is interrupted. To be called on the worker's thread. */
  synchronized void end() {
    ended = true;
    if (worker == Thread.currentThread() && failure != null) {
      Thread.interrupted();
    }
    worker = null;
    notifyAll();
  }

  /** Looks until the task is over. */
  @Override
  public synchronized void run() {
    try {
      while (!ended) {
        look();
        wait(LOOK_EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
