package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a feed connected, carries its signals into the state, and what comes of it into the queue.
 * One thread runs it; stop() may come from another.
 */
final class FeedReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);

  /** More signals than this at once mean that more may wait; then nothing counts as silent. */
  private static final int CAUGHT_UP = 100;

  private final FeedOptions options;
  private final FeedState state;
  private final FeedQueue queue;
  private final UnblockedClock clock;
  private final FeedLine line;
  private final FeedMetrics metrics;
  private final Runnable check;
  private final Outflow outflow;
  private volatile boolean stopped;
  private volatile ConnectException failure;

  /**
   * @param check is called at every turn; when it throws, the reader ends
   */
  FeedReader(
      FeedOptions options,
      FeedState state,
      FeedQueue queue,
      Backoff backoff,
      Supplier<Moment> clock,
      FeedLink.Maker links,
      FeedMetrics metrics,
      WantedSymbols symbols,
      Runnable check) {
    this.options = options;
    this.state = state;
    this.queue = queue;
    this.clock = new UnblockedClock(clock);
    this.line = new FeedLine(options, this.clock, backoff, links, symbols);
    this.metrics = metrics;
    this.check = check;
    this.outflow = new Outflow(options, state, queue, this.clock, metrics);
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        turn();
      }
    } catch (InterruptedException e) {
      failure = new ConnectException("The reader of feed " + options.feed() + " was interrupted.");
    } catch (ConnectException e) {
      failure = e;
      handOverWhatCameBefore();
    } catch (RuntimeException | Error e) {
      failure = ReaderFailure.of(options.feed(), e, new Redaction(options.token().value()));
    } finally {
      line.close();
      queue.finish();
    }
  }

  /** Waits about a second for something to happen and takes in what has. */
  void turn() throws InterruptedException {
    check.run();
    outflow.flush();
    if (!line.connect()) {
      if (line.isIdle()) {
        state.nothingWanted(clock.now());
      }
      return;
    }
    List<FeedSignal> signals = line.next();
    takeIn(signals);
    Moment now = clock.now();
    state.tick(now);
    if (signals.size() <= CAUGHT_UP) {
      state.watch(now);
    }
    for (FeedRequest request : state.takeRequests()) {
      line.perform(request, state.connectionId());
    }
    line.look(now, state.connectionId());
    tellComplaints();
    outflow.flush();
    metrics.publish(now);
  }

  /** Takes signals in, up to the last one of their connection. */
  private void takeIn(List<FeedSignal> signals) throws InterruptedException {
    for (FeedSignal signal : signals) {
      boolean goesOn = accept(signal);
      if (!goesOn || stopped) {
        return;
      }
      outflow.flushIfEnough();
    }
  }

  /** False when it was the last one of its connection. */
  private boolean accept(FeedSignal signal) {
    if (signal instanceof FeedSignal.Frame frame) {
      outflow.frame(frame.text().length());
    } else if (signal instanceof FeedSignal.BinaryFrame frame) {
      outflow.frame(frame.base64().length());
    }
    state.accept(signal, clock.now());
    if (state.failure() != null) {
      throw new ConnectException(state.failure());
    }
    return follow(signal);
  }

  private boolean follow(FeedSignal signal) {
    if (signal instanceof FeedSignal.Frame) {
      if (state.tradesFlowed()) {
        line.flowed();
      }
    } else if (signal instanceof FeedSignal.Opened) {
      line.opened(state.connectionId());
    } else if (signal instanceof FeedSignal.Closed closed) {
      line.closed(closed, state.connectionId());
      return false;
    } else if (signal instanceof FeedSignal.NotOpened notOpened) {
      line.notOpened(notOpened);
      return false;
    } else {
      FeedSignal.Closed last = line.handOver(signal, state.connectionId());
      if (last != null) {
        state.accept(last, clock.now());
        return false;
      }
    }
    return true;
  }

  private void tellComplaints() {
    for (String complaint : state.takeComplaints()) {
      LOG.warn(
          "The venue of feed {} complains on connection {}: {}",
          options.feed(),
          state.connectionId(),
          complaint);
    }
  }

  private void handOverWhatCameBefore() {
    try {
      outflow.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long it is until the next attempt, when there is no connection. */
  long delayMs() {
    return line.delayMs();
  }

  /** How many trades and refusals were taken in and, for it was stopped, not queued. */
  long unwritten() {
    return outflow.unwritten();
  }

  /** Why it ended though nobody stopped it; null while it runs. */
  ConnectException failure() {
    return failure;
  }

  /** Ends the connection and lets run() return. */
  void stop() {
    stopped = true;
    line.close();
  }
}
