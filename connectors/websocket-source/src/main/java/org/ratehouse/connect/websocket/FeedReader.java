package org.ratehouse.connect.websocket;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a feed connected and carries its signals into the state. One thread drives it; stop() may
 * come from another.
 */
final class FeedReader {

  private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
  private static final long MOST_WAIT_MS = 1_000;

  private final FeedOptions options;
  private final FeedState state;
  private final Backoff backoff;
  private final Supplier<Moment> clock;
  private final Supplier<FeedLink> links;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile FeedLink link;
  private long connectAt;

  FeedReader(
      FeedOptions options,
      FeedState state,
      Backoff backoff,
      Supplier<Moment> clock,
      Supplier<FeedLink> links) {
    this.options = options;
    this.state = state;
    this.backoff = backoff;
    this.clock = clock;
    this.links = links;
    this.connectAt = clock.get().steadyMillis();
  }

  /** Waits about a second for something to happen and takes in what has. */
  void read() throws InterruptedException {
    if (link == null && !connect()) {
      return;
    }
    boolean drained = drain();
    Moment now = clock.get();
    state.tick(now);
    if (drained) {
      state.watch(now);
    }
    if (state.isStalled() && link != null) {
      link.abort("stalled: " + state.stallReason());
    }
    for (String complaint : state.takeComplaints()) {
      LOG.warn(
          "The venue of feed {} complains on connection {}: {}",
          options.feed(),
          state.connectionId(),
          complaint);
    }
  }

  /** False when it is not yet time to, or never again. */
  private boolean connect() throws InterruptedException {
    long waitMs = Math.min(delayMs(), MOST_WAIT_MS);
    if (waitMs > 0) {
      stopped.await(waitMs, TimeUnit.MILLISECONDS);
    }
    if (isStopped() || delayMs() > 0) {
      return false;
    }
    LOG.info("Feed {} connects to {}.", options.feed(), options.url());
    link = links.get();
    if (isStopped()) {
      // stop() may have looked for a link before this one was there.
      link.close();
    }
    return true;
  }

  /** Takes in what waits, whole frames only; true when nothing is left. */
  private boolean drain() throws InterruptedException {
    FeedSignal signal = link.take(Math.min(MOST_WAIT_MS, options.countsIntervalMs()));
    for (int taken = 1; signal != null; taken++) {
      accept(signal);
      if (link == null || state.waiting() >= options.batchMaxTrades()) {
        return link == null;
      }
      if (taken >= 1_000) {
        return false;
      }
      signal = link.take(0);
    }
    return true;
  }

  private void accept(FeedSignal signal) {
    state.accept(signal, clock.get());
    if (signal instanceof FeedSignal.Frame && state.tradesFlowed()) {
      backoff.reset();
    }
    if (signal instanceof FeedSignal.Opened) {
      LOG.info("Feed {} opened connection {}.", options.feed(), state.connectionId());
    } else if (signal instanceof FeedSignal.Closed closed) {
      over("Connection %d ended".formatted(state.connectionId()), closed.reason());
    } else if (signal instanceof FeedSignal.NotOpened failed) {
      if (failed.tokenRefused()) {
        throw new ConnectException(
            "The token of feed %s was refused: %s. Put a valid one into %s and restart the task."
                .formatted(options.feed(), failed.reason(), FeedConfig.FEED_TOKEN));
      }
      over("No connection came about", failed.reason());
    }
  }

  private void over(String what, String reason) {
    link = null;
    if (isStopped()) {
      return;
    }
    long delayMs = backoff.nextDelayMs();
    connectAt = clock.get().steadyMillis() + delayMs;
    LOG.warn(
        "{} for feed {}: {}. It connects again in {} ms.", what, options.feed(), reason, delayMs);
  }

  /** How long it is until the next attempt, when there is no connection. */
  long delayMs() {
    return connectAt - clock.get().steadyMillis();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Ends the connection and wakes who reads. */
  void stop() {
    stopped.countDown();
    FeedLink open = link;
    if (open != null) {
      open.close();
    }
  }
}
