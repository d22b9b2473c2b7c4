package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What a connection has received and nobody has dealt with yet, and how much further it may
 * therefore read. The JDK delivers as many messages, or parts of them, as it was asked for; this
 * says how many to ask for, in large steps, so that neither many small nor few large ones can fill
 * the memory. It never stops for ever: when nothing waits, at least one more is asked for.
 */
final class Inbox {

  private static final int MOST_MESSAGES = 1_024;

  /** The JDK's buffer: no part is larger, so as much may come for each one that was asked for. */
  private static final int PART_BYTES = 16 * 1024;

  private final long maxBytes;
  private List<FeedSignal> waiting = new ArrayList<>();
  private long taken;
  private long heldBytes;
  private long waitingBytes;
  private long inHandBytes;
  private int asked;
  private boolean open;
  private boolean ended;

  Inbox(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The first signal of a connection that is open; nothing is asked for before it. False when the
   * last signal was there already.
   */
  synchronized boolean begin(FeedSignal.Opened opened) {
    open = tell(opened);
    return open;
  }

  /** A message that needs nobody, or a part of one, came. Returns how many more to ask for. */
  synchronized int part(int bytes) {
    asked--;
    heldBytes += bytes;
    return grant();
  }

  /** A message, or its last part, came. Returns how many more to ask for. */
  synchronized int message(FeedSignal signal, int bytes) {
    asked--;
    heldBytes += bytes;
    if (!ended) {
      add(signal);
      waitingBytes = heldBytes - inHandBytes;
    }
    return grant();
  }

  private boolean tell(FeedSignal signal) {
    if (!ended) {
      add(signal);
    }
    return !ended;
  }

  /**
   * Keeps a place for a signal of something that has begun and is not done: whatever comes after
   * waits behind it, above all the server's answer. Returns the place.
   */
  synchronized long reserve() {
    waiting.add(null);
    return taken + waiting.size() - 1;
  }

  /** It is done: the signal goes to its place, unless the end came before. */
  synchronized void fill(long place, FeedSignal signal) {
    if (!ended) {
      waiting.set((int) (place - taken), signal);
      notifyAll();
    }
  }

  /** The end, and why; only the first one counts. */
  synchronized void end(String reason) {
    end(
        open
            ? new FeedSignal.Closed(reason, System.currentTimeMillis())
            : new FeedSignal.NotOpened(reason, false));
  }

  /** The last signal; only the first one counts. */
  synchronized void end(FeedSignal last) {
    if (!ended) {
      waiting.removeIf(Objects::isNull);
      add(last);
      ended = true;
    }
  }

  private void add(FeedSignal signal) {
    waiting.add(signal);
    if (waiting.size() == 1 || signal instanceof FeedSignal.Closed) {
      notifyAll();
    }
  }

  /** What was taken before is dealt with. Returns how many more to ask for. */
  synchronized int settle() {
    heldBytes -= inHandBytes;
    inHandBytes = 0;
    return grant();
  }

  /** All that waits, waiting up to so many milliseconds for the first; empty when none came. */
  synchronized List<FeedSignal> take(long waitMs) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    int ready = ready();
    for (long left = waitMs; ready == 0 && left > 0; ready = ready()) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
    taken += ready;
    if (ready < waiting.size()) {
      List<FeedSignal> some = waiting.subList(0, ready);
      List<FeedSignal> copy = List.copyOf(some);
      some.clear();
      return copy;
    }
    List<FeedSignal> all = waiting;
    waiting = new ArrayList<>();
    inHandBytes += waitingBytes;
    waitingBytes = 0;
    return all;
  }

  /** How many can be taken: those before the first place that is kept. */
  private int ready() {
    int reserved = waiting.indexOf(null);
    return reserved < 0 ? waiting.size() : reserved;
  }

  synchronized boolean isEnded() {
    return ended;
  }

  private int grant() {
    if (!open || ended || asked > MOST_MESSAGES / 2) {
      return 0;
    }
    long room = Math.min(MOST_MESSAGES, (maxBytes - heldBytes) / PART_BYTES);
    long more = room - asked - waiting.size();
    if (more <= 0) {
      more = asked == 0 && waiting.isEmpty() ? 1 : 0;
    }
    asked += (int) more;
    return (int) more;
  }
}
