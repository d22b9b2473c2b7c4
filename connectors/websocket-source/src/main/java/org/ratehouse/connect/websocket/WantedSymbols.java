package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Which symbols a feed is to have, and which its connection was asked for. */
final class WantedSymbols {

  /** What differs; one of both is not empty. */
  record Change(List<String> added, List<String> removed) {}

  private final AtomicReference<List<String>> wanted = new AtomicReference<>();
  private List<String> subscribed = List.of();

  /** What to begin with, unless somebody wants something else already. */
  void begin(List<String> symbols) {
    wanted.compareAndSet(null, List.copyOf(symbols));
  }

  /** From any thread; the last word counts. */
  void want(List<String> symbols) {
    wanted.set(List.copyOf(symbols));
  }

  /** There is none, so there is nothing to connect for. */
  boolean isNone() {
    return wanted.get().isEmpty();
  }

  /** The symbols that a connection is made with now. */
  List<String> subscribe() {
    subscribed = wanted.get();
    return subscribed;
  }

  /** The symbols that the connection was asked for, by now. */
  List<String> subscribed() {
    return subscribed;
  }

  /** What to change on the connection, told once; null when nothing differs. */
  Change takeChange() {
    List<String> before = subscribed;
    List<String> after = subscribe();
    Change change = new Change(without(after, before), without(before, after));
    return change.added().isEmpty() && change.removed().isEmpty() ? null : change;
  }

  private static List<String> without(List<String> all, List<String> some) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(some);
    return List.copyOf(rest);
  }
}
