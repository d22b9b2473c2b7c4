package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed's line to its venue: one connection after another, with the waits between them, and in a
 * hand-over two at once. The reader's thread drives it; close() may come from another.
 */
final class FeedLine {

  private static final Logger LOG = LoggerFactory.getLogger(FeedLine.class);
  private static final long MOST_WAIT_MS = 1_000;
  private static final long HAND_OVER_WAIT_MS = 20;

  private final FeedOptions options;
  private final UnblockedClock clock;
  private final Attempts attempts;
  private final FeedLink.Maker links;
  private final WantedSymbols symbols;
  private final HandOvers handOvers;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile FeedLink link;
  private List<FeedSignal> inHand = List.of();
  private boolean open;

  FeedLine(
      FeedOptions options,
      UnblockedClock clock,
      Backoff backoff,
      FeedLink.Maker links,
      WantedSymbols symbols) {
    this.options = options;
    this.clock = clock;
    this.attempts = new Attempts(backoff, options.connectRetryTimeoutMs(), steadyMillis());
    this.links = links;
    this.symbols = symbols;
    this.handOvers = new HandOvers(options, links);
  }

  /** There is a connection, or one that is about to open; false when it is not time for one yet. */
  boolean connect() throws InterruptedException {
    if (link != null) {
      return true;
    }
    long waitMs = Math.min(delayMs(), MOST_WAIT_MS);
    if (waitMs > 0) {
      closed.await(waitMs, TimeUnit.MILLISECONDS);
    }
    if (isClosed() || delayMs() > 0) {
      return false;
    }
    if (isIdle()) {
      attempts.notWanted(steadyMillis());
      closed.await(MOST_WAIT_MS, TimeUnit.MILLISECONDS);
      return false;
    }
    LOG.info("Feed {} connects to {}.", options.feed(), options.url());
    link = links.open(symbols.subscribe(), false);
    if (isClosed()) {
      // close() may have looked for a link before this one was there.
      close();
    }
    return true;
  }

  /** There is no connection, and no symbol to make one for. */
  boolean isIdle() {
    return link == null && symbols.isNone();
  }

  /** What the connection tells next, after about a second at most. */
  List<FeedSignal> next() throws InterruptedException {
    if (!inHand.isEmpty()) {
      List<FeedSignal> signals = inHand;
      inHand = List.of();
      return signals;
    }
    long waitMs = handOvers.isRunning() ? HAND_OVER_WAIT_MS : MOST_WAIT_MS;
    return link.take(Math.min(waitMs, options.countsIntervalMs()));
  }

  /** Trades flow: the server is well. */
  void flowed() {
    attempts.flowed();
  }

  void opened(long connectionId) {
    open = true;
    attempts.opened();
    LOG.info("Feed {} opened connection {}.", options.feed(), connectionId);
  }

  void closed(FeedSignal.Closed last, long connectionId) {
    ended("Connection %d ended".formatted(connectionId), last.reason(), 0);
  }

  /**
   * A connection did not come about.
   *
   * @throws ConnectException when trying again is of no use, or has been for too long
   */
  void notOpened(FeedSignal.NotOpened failed) {
    if (failed.tokenRefused()) {
      throw new ConnectException(
          "The token of feed %s was refused: %s. Put a valid one into %s and restart the task."
              .formatted(options.feed(), failed.reason(), FeedConfig.FEED_TOKEN));
    }
    if (attempts.isGivenUp(steadyMillis())) {
      throw new ConnectException(
          "Feed %s has had no connection for %d ms (%s) and gives up. The last attempt: %s."
              .formatted(
                  options.feed(),
                  options.connectRetryTimeoutMs(),
                  FeedConfig.CONNECT_RETRY_TIMEOUT_MS,
                  failed.reason()));
    }
    ended("No connection came about", failed.reason(), failed.retryAfterMs());
  }

  private void ended(String what, String reason, long retryAfterMs) {
    HandOver running = handOvers.end();
    goOnWith(running);
    if (running != null) {
      // What was missed in between is told as a gap.
      LOG.warn("{} for feed {} in its hand-over: {}.", what, options.feed(), reason);
      return;
    }
    if (isClosed()) {
      return;
    }
    attempts.ended(steadyMillis(), retryAfterMs);
    LOG.warn(
        "{} for feed {}: {}. It connects again in {} ms.", what, options.feed(), reason, delayMs());
  }

  /** Does what the state wants. */
  void perform(FeedRequest request, long connectionId) {
    FeedLink current = link;
    if (current == null) {
      return;
    }
    if (request instanceof FeedRequest.Abort abort) {
      current.abort(abort.reason());
    } else if (request instanceof FeedRequest.Resubscribe silent && open) {
      LOG.warn(
          "Feed {} subscribes once more to {} on connection {}: no trade came for too long.",
          options.feed(),
          silent.symbols(),
          connectionId);
      current.resubscribe(silent.symbols());
    } else if (request instanceof FeedRequest.HandOver wish) {
      handOvers.ask(wish.reason(), steadyMillis());
    }
  }

  /** Changes symbols and hands over, when it is time to. */
  void look(Moment now, long connectionId) throws InterruptedException {
    if (!open) {
      return;
    }
    if (!handOvers.isRunning()) {
      changeSymbols(connectionId);
    }
    handOvers.advance(link, symbols, now.steadyMillis());
  }

  private void changeSymbols(long connectionId) {
    WantedSymbols.Change change = symbols.takeChange();
    if (change != null) {
      LOG.info(
          "Feed {} subscribes to {} and no longer to {} on connection {}.",
          options.feed(),
          change.added().symbols(),
          change.removed(),
          connectionId);
      link.change(change.added(), change.removed());
    }
  }

  /**
   * With this signal the connection has told all that it has to tell, and another one is live: goes
   * on with that one, and returns the last signal of the old one. Null when it is not so.
   */
  FeedSignal.Closed handOver(FeedSignal signal, long connectionId) {
    if (!handOvers.isDoneWith(signal)) {
      return null;
    }
    FeedLink old = link;
    String reason = "handed over: " + handOvers.reason();
    goOnWith(handOvers.end());
    old.close();
    LOG.info("Feed {} ended connection {}, {}.", options.feed(), connectionId, reason);
    return new FeedSignal.Closed(reason, clock.now().wallMillis(), true);
  }

  private void goOnWith(HandOver next) {
    open = false;
    link = next == null ? null : next.next();
    inHand = next == null ? List.of() : next.held();
  }

  /** How long it is until the next attempt, when there is no connection. */
  long delayMs() {
    return attempts.delayMs(steadyMillis());
  }

  private long steadyMillis() {
    return clock.now().steadyMillis();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Ends what is open, and makes nothing new. */
  void close() {
    closed.countDown();
    FeedLink current = link;
    if (current != null) {
      current.close();
    }
    handOvers.close();
  }
}
