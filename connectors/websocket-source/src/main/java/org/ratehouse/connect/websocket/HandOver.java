package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;

/**
 * A connection that is to take the place of one that still runs, so that no trade is missed in
 * between. What the new one tells is held back until two things are sure: the new one is live, and
 * the old one has told all that its server had sent by then. The second is known by a ping of the
 * old connection that left once the new one was live: its pong comes after everything before it.
 */
final class HandOver {

  private final FeedLink next;
  private final Venue venue;
  private final long maxBytes;
  private final long deadline;
  private final List<FeedSignal> held = new ArrayList<>();
  private long heldBytes;
  private int unanswered;
  private long livePing = 1;
  private long lastPing = Long.MAX_VALUE;
  private String failure;

  /**
   * @param requests how many subscriptions the venue will acknowledge; 0 if it does not do so
   * @param maxBytes how much may be held back
   * @param deadline until when, on the steady clock, it has to come about
   */
  HandOver(FeedLink next, Venue venue, int requests, long maxBytes, long deadline) {
    this.next = next;
    this.venue = venue;
    this.maxBytes = maxBytes;
    this.deadline = deadline;
    this.unanswered = requests;
  }

  /** Looks what the new connection told, and pings the old one once the new one is live. */
  void advance(FeedLink current, long now) throws InterruptedException {
    boolean live = false;
    for (FeedSignal signal : next.take(0)) {
      held.add(signal);
      live |= look(signal);
    }
    if (live && lastPing == Long.MAX_VALUE) {
      lastPing = current.ping();
    }
    if (failure == null && heldBytes > maxBytes) {
      failure = "more than " + maxBytes + " bytes had to be held back";
    } else if (failure == null && now >= deadline) {
      failure = "it took too long";
    }
  }

  /** True when the signal is the sign that the new connection is live. */
  private boolean look(FeedSignal signal) {
    if (signal instanceof FeedSignal.Frame frame) {
      heldBytes += frame.text().length();
      if (unanswered > 0) {
        answer(venue.read(frame.text()));
      }
    } else if (signal instanceof FeedSignal.BinaryFrame frame) {
      heldBytes += frame.base64().length();
    } else if (signal instanceof FeedSignal.NotOpened notOpened) {
      failure = notOpened.reason();
    } else if (signal instanceof FeedSignal.Closed closed) {
      failure = closed.reason();
    }
    return unanswered == 0 && signal instanceof FeedSignal.Pong pong && pong.number() >= livePing;
  }

  private void answer(VenueFrame frame) {
    if (frame instanceof VenueFrame.Refused refused) {
      failure = "the venue refused: " + refused.message();
    } else if (frame instanceof VenueFrame.Acknowledged && --unanswered == 0) {
      // Not the next one of the interval: what is held back should be little.
      livePing = next.ping();
    }
  }

  /** Why it does not come about; null when it still may. */
  String failure() {
    return failure;
  }

  /** With this signal the old connection has told all that the new one does not tell. */
  boolean isDoneWith(FeedSignal ofCurrent) {
    return failure == null
        && ofCurrent instanceof FeedSignal.Pong pong
        && pong.number() >= lastPing;
  }

  FeedLink next() {
    return next;
  }

  /** What the new connection told so far, for whoever goes on with it. */
  List<FeedSignal> held() {
    return held;
  }
}
