package org.ratehouse.connect.websocket;

import java.util.Optional;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * From when on the feed may have missed trades, by our clock.
 *
 * <p>The lower bound comes from pongs: one that answers a ping sent at P, taken in its place among
 * the frames, proves that everything the server sent before it saw that ping is in, so nothing
 * before P is missing. The last frame's time would prove less: a frame may have been on its way.
 *
 * <p>A connection that never became live leaves the gap of the one before it as it was.
 */
final class GapTracker {

  private final long paddingMs;
  private long subscribedAt;
  private Long liveAsOf;
  private Long pendingFrom;

  GapTracker(long paddingMs) {
    this.paddingMs = paddingMs;
  }

  /** Takes up what a connection before left. */
  void resume(Long liveAsOf, Long pendingFrom) {
    this.liveAsOf = liveAsOf;
    this.pendingFrom = pendingFrom;
  }

  void opened(long subscribedAtMillis) {
    subscribedAt = subscribedAtMillis;
  }

  boolean isLive() {
    return liveAsOf != null;
  }

  /**
   * The first sign that the subscription is live; returns the gap that it ends, if there is one.
   */
  Optional<Gap> live(long atMillis) {
    Long from = pendingFrom;
    liveAsOf = subscribedAt;
    pendingFrom = null;
    if (from == null) {
      return Optional.empty();
    }
    // A clock that jumped back may put the start after the end; a gap is never empty.
    return Optional.of(new Gap(Math.min(from, atMillis) - paddingMs, atMillis + paddingMs));
  }

  void pong(long sentAtMillis) {
    liveAsOf = sentAtMillis;
  }

  void closed() {
    if (pendingFrom == null) {
      pendingFrom = liveAsOf;
    }
    liveAsOf = null;
  }

  Long liveAsOf() {
    return liveAsOf;
  }

  Long pendingFrom() {
    return pendingFrom;
  }
}
