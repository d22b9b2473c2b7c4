package org.ratehouse.connect.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a connection is subscribed to, and which requests to subscribe are seen to be live.
 *
 * <p>A venue that acknowledges makes each message of a request live by its acknowledgement. With
 * any other the sign is the pong to a ping that was sent after the request, for a server reads one
 * after the other; by the same sign nothing more comes of symbols that were given up. The first
 * request of a connection is older than every ping, and a symbol's trade shows it for that symbol.
 */
final class Subscriptions {

  private static final class Request {
    final long atMillis;
    final boolean first;
    final boolean leaving;

    /** The symbols of each message; null when it was answered. */
    final List<Set<String>> messages = new ArrayList<>();

    int answersLeft;

    Request(long atMillis, boolean first, boolean leaving) {
      this.atMillis = atMillis;
      this.first = first;
      this.leaving = leaving;
    }

    Set<String> symbols() {
      Set<String> all = new LinkedHashSet<>();
      messages.stream().filter(Objects::nonNull).forEach(all::addAll);
      return all;
    }

    boolean remove(String symbol) {
      boolean was = false;
      for (Set<String> message : messages) {
        was |= message != null && message.remove(symbol);
      }
      return was;
    }

    /** Which of its messages an answer is to; below 0 when it is to none of them. */
    int answered(int number) {
      for (int i = 0; i < messages.size() && answersLeft > 0; i++) {
        if (messages.get(i) != null && (number == i || number == VenueFrame.ANY)) {
          return i;
        }
      }
      return -1;
    }
  }

  private final Venue venue;
  private final Deque<Request> requests = new ArrayDeque<>();
  private Set<String> symbols = new LinkedHashSet<>();
  private List<String> list = List.of();
  private long lastPong;
  private long subscribedAt;
  private Long provenUpTo;

  Subscriptions(Venue venue) {
    this.venue = venue;
  }

  /** A connection's first request; all symbols anew. */
  void opened(List<String> wanted, long atMillis) {
    requests.clear();
    lastPong = Long.MIN_VALUE;
    subscribedAt = atMillis;
    provenUpTo = null;
    resume(wanted);
    request(wanted, atMillis, true);
  }

  /** The connection is over. */
  void closed() {
    requests.clear();
    provenUpTo = null;
  }

  /** What a connection before was subscribed to. */
  void resume(List<String> before) {
    symbols = new LinkedHashSet<>(before);
    list = List.copyOf(symbols);
  }

  void added(List<String> added, long atMillis) {
    symbols.addAll(added);
    list = List.copyOf(symbols);
    again(added, atMillis);
  }

  /** Symbols that are subscribed to already were requested once more. */
  void again(List<String> silent, long atMillis) {
    request(silent, atMillis, false);
  }

  private void request(List<String> wanted, long atMillis, boolean first) {
    Request request = new Request(atMillis, first, false);
    boolean answered = venue.acknowledges();
    int size = answered ? venue.symbolsAMessage() : Integer.MAX_VALUE;
    for (int from = 0; from < wanted.size(); ) {
      int to = wanted.size() - from > size ? from + size : wanted.size();
      request.messages.add(new LinkedHashSet<>(wanted.subList(from, to)));
      from = to;
    }
    request.answersLeft = answered ? request.messages.size() : 0;
    requests.add(request);
  }

  /**
   * Symbols are no longer wanted.
   *
   * @param stillComing those of them whose trades may still be on their way
   */
  void removed(List<String> removed, List<String> stillComing, long atMillis) {
    removed.forEach(symbols::remove);
    list = List.copyOf(symbols);
    for (Request request : requests) {
      if (!request.leaving) {
        removed.forEach(request::remove);
      }
    }
    if (isLive() && !stillComing.isEmpty()) {
      Request leaving = new Request(atMillis, false, true);
      leaving.messages.add(new LinkedHashSet<>(stillComing));
      requests.add(leaving);
    }
  }

  /** Symbols that were given up and whose last trades may not be in yet. */
  List<String> leaving() {
    if (requests.isEmpty()) {
      return List.of();
    }
    return requests.stream()
        .filter(request -> request.leaving)
        .flatMap(request -> request.symbols().stream())
        .distinct()
        .toList();
  }

  /**
   * The server answered the ping of that moment. Returns the symbols that this shows to be live.
   */
  List<String> pong(long sentAtMillis) {
    List<String> shown = new ArrayList<>();
    // A ping that is older than the one before it was sent after our clock was set back.
    boolean setBack = sentAtMillis < lastPong;
    for (Iterator<Request> each = requests.iterator(); each.hasNext(); ) {
      Request request = each.next();
      boolean later = sentAtMillis > request.atMillis || setBack && request.atMillis >= lastPong;
      if (request.answersLeft == 0 && (request.first || later)) {
        each.remove();
        shown.addAll(request.leaving ? List.of() : show(request, request.symbols()));
      }
    }
    lastPong = sentAtMillis;
    if (isLive()) {
      provenUpTo = sentAtMillis;
    }
    return shown;
  }

  /**
   * A trade of a symbol came that was not seen to be live, so now it is, and the connection with
   * it. Returns the symbol when it is one of the first request, else nothing.
   */
  List<String> traded(String symbol) {
    if (provenUpTo == null) {
      provenUpTo = subscribedAt;
    }
    // The first request is the oldest, and is there until all of it is live.
    Request oldest = requests.peek();
    return oldest != null && oldest.first && oldest.remove(symbol) ? List.of(symbol) : List.of();
  }

  /**
   * The venue took one message of a request. Returns the symbols that are now live.
   *
   * @param number of the message in its request, from 0, or {@link VenueFrame#ANY}
   */
  List<String> acknowledged(int number) {
    for (Request request : requests) {
      int message = request.answered(number);
      if (message >= 0) {
        return show(request, answer(request, message));
      }
    }
    return List.of();
  }

  private Set<String> answer(Request request, int message) {
    Set<String> about = request.messages.set(message, null);
    if (--request.answersLeft == 0) {
      requests.remove(request);
    }
    return about;
  }

  /**
   * The venue refused something.
   *
   * @param named the symbols that it named
   * @param number of the message that it refused, in its request
   * @return these or, when it named none, those of that message; empty when that cannot be told
   */
  List<String> refused(List<String> named, int number) {
    if (!named.isEmpty()) {
      requests.stream().filter(request -> !request.leaving).forEach(r -> named.forEach(r::remove));
      return named;
    }
    for (Request request : requests) {
      int message = request.answered(number);
      if (message >= 0) {
        return List.copyOf(answer(request, message));
      }
    }
    return List.of();
  }

  private List<String> show(Request request, Collection<String> shown) {
    if (request.first && provenUpTo == null) {
      provenUpTo = subscribedAt;
    }
    return List.copyOf(shown);
  }

  /** The connection's first request was seen to be live. */
  boolean isLive() {
    return provenUpTo != null;
  }

  /**
   * Up to when all that the venue sent is in, epoch milliseconds; null while not live. A pong that
   * is taken in at its place among the frames proves it for the time of its ping; the last frame's
   * time would prove less, for another frame may have been on its way.
   */
  Long provenUpTo() {
    return provenUpTo;
  }

  boolean contains(String symbol) {
    return symbols.contains(symbol);
  }

  /** In the order in which they were asked for. What is returned does not change. */
  List<String> symbols() {
    return list;
  }
}
