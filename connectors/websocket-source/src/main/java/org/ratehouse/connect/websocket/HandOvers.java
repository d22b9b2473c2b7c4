package org.ratehouse.connect.websocket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings about the hand-over that the state asks for: makes the new connection while the old one
 * runs, and tries again later when it does not come about. One thread drives it; close() may come
 * from another.
 */
final class HandOvers {

  private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);

  private final FeedOptions options;
  private final FeedLink.Maker links;
  private volatile HandOver running;
  private volatile boolean closed;
  private String reason;
  private long nextAt;

  HandOvers(FeedOptions options, FeedLink.Maker links) {
    this.options = options;
    this.links = links;
  }

  void ask(String why, long now) {
    if (reason == null) {
      reason = why;
      nextAt = now;
    }
  }

  String reason() {
    return reason;
  }

  boolean isRunning() {
    return running != null;
  }

  /**
   * Does what is due; nothing when no hand-over is asked for.
   *
   * @param now on the steady clock
   */
  void advance(FeedLink current, WantedSymbols symbols, long now) throws InterruptedException {
    if (running != null) {
      running.advance(current, now);
      if (running.failure() != null) {
        abandon(now);
      }
    } else if (reason != null && now >= nextAt) {
      begin(symbols, now);
    }
  }

  private void begin(WantedSymbols symbols, long now) {
    LOG.info("Feed {} makes a new connection to hand over to: {}.", options.feed(), reason);
    Venue venue = options.venue();
    int requests =
        venue.acknowledges() ? venue.subscriptions(symbols.subscribed().symbols()).size() : 0;
    running =
        new HandOver(
            links.open(symbols.subscribed(), true),
            venue,
            requests,
            options.queueMaxBytes(),
            now + 3 * options.connectTimeoutMs());
    if (closed) {
      close();
    }
  }

  private void abandon(long now) {
    LOG.warn(
        "A hand-over of feed {} did not come about: {}. The connection goes on, and the next"
            + " attempt is in {} ms.",
        options.feed(),
        running.failure(),
        options.backoffMaxMs());
    running.next().abort("the hand-over did not come about");
    running = null;
    nextAt = now + options.backoffMaxMs();
  }

  /** With this signal the old connection has told all that it has to tell. */
  boolean isDoneWith(FeedSignal ofCurrent) {
    return running != null && running.isDoneWith(ofCurrent);
  }

  /** The old connection is over; the new one, which whoever asks goes on with, or null. */
  HandOver end() {
    HandOver ended = running;
    running = null;
    reason = null;
    return ended;
  }

  void close() {
    closed = true;
    HandOver open = running;
    if (open != null) {
      open.next().close();
    }
  }
}
