package org.ratehouse.connect.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.ratehouse.connect.websocket.VenueModel.Made;

/** One connection: what is on its way in either direction, in order, each a while. */
final class LinkModel {

  /** The longest that a message is on its way. */
  private static final int MOST_DOWN = 300;

  private static final int MOST_UP = 200;

  /** What the venue does with a message of ours once it is there. */
  private record Request(long arrives, Runnable effect) {}

  /** What comes to us; made with the time of its receipt. */
  private record Message(long arrives, LongFunction<FeedSignal> signal) {}

  private final VenueModel venue;
  private final Choices choices;
  private final Deque<Request> up = new ArrayDeque<>();
  private final Deque<Message> down = new ArrayDeque<>();
  private final Set<String> subscribed = new HashSet<>();
  private long lastUp;
  private long lastDown;
  private long pings;
  private long serverTime;

  LinkModel(VenueModel venue, Choices choices) {
    this.venue = venue;
    this.choices = choices;
  }

  void subscribe(Collection<String> symbols, long now) {
    List<String> added = List.copyOf(symbols);
    send(now, () -> request(added, true));
  }

  void unsubscribe(Collection<String> symbols, long now) {
    List<String> removed = List.copyOf(symbols);
    send(now, () -> request(removed, false));
  }

  void resubscribe(Collection<String> symbols, long now) {
    if (venue.answer(true) != null) {
      unsubscribe(symbols, now);
    }
    subscribe(symbols, now);
  }

  private void request(List<String> symbols, boolean subscription) {
    if (subscription) {
      subscribed.addAll(symbols);
    } else {
      symbols.forEach(subscribed::remove);
    }
    String answer = venue.answer(subscription);
    if (answer != null) {
      text(answer, serverTime);
    }
  }

  boolean isSubscribed(String symbol) {
    return subscribed.contains(symbol);
  }

  /** Returns the ping's number. */
  long ping(long sentWall, long now) {
    long number = ++pings;
    send(
        now,
        () -> receive(serverTime, received -> new FeedSignal.Pong(sentWall, received, number)));
    return number;
  }

  /** Those of the trades that are subscribed to. */
  void trades(List<Made> trades, long now) {
    List<Made> carried = new ArrayList<>();
    for (Made trade : trades) {
      if (subscribed.contains(trade.symbol())) {
        carried.add(trade);
      }
    }
    if (!carried.isEmpty()) {
      venue.frames(carried).forEach(frame -> text(frame, now));
    }
  }

  void text(String frame, long now) {
    receive(now, received -> new FeedSignal.Frame(frame, received));
  }

  private void send(long now, Runnable effect) {
    lastUp = Math.max(lastUp, now + choices.between(1, MOST_UP));
    up.add(new Request(lastUp, effect));
  }

  private void receive(long now, LongFunction<FeedSignal> signal) {
    lastDown = Math.max(lastDown, now + choices.between(1, MOST_DOWN));
    down.add(new Message(lastDown, signal));
  }

  /** The venue takes in what has arrived there. */
  void serve(long now) {
    while (!up.isEmpty() && up.peek().arrives() <= now) {
      serverTime = up.peek().arrives();
      up.remove().effect().run();
    }
  }

  /** The next message that has arrived here; null when there is none. */
  FeedSignal take(long now, long wall) {
    return !down.isEmpty() && down.peek().arrives() <= now
        ? down.remove().signal().apply(wall)
        : null;
  }
}
