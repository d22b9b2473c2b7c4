package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Which symbols a feed is to have and since when, and which its connection was asked for. A symbol
 * is wanted from the moment it was named on, whether or not there is a connection to ask for it.
 */
final class WantedSymbols {

  /** What differs; one of both is not empty. */
  record Change(Wanted added, List<String> removed) {}

  private record Named(List<String> symbols, Map<String, Moment> since) {

    static final Named NONE = new Named(List.of(), Map.of());

    /** Those that were named before have been wanted since then. */
    Named then(List<String> named, Moment now) {
      Map<String, Moment> after = new HashMap<>();
      named.forEach(symbol -> after.put(symbol, since.getOrDefault(symbol, now)));
      return new Named(List.copyOf(named), after);
    }
  }

  private final Supplier<Moment> clock;
  private final AtomicReference<Named> wanted = new AtomicReference<>();
  private Named subscribed = Named.NONE;

  /**
   * @param clock tells when something is wanted; from any thread
   */
  WantedSymbols(Supplier<Moment> clock) {
    this.clock = clock;
  }

  /** What to begin with, unless somebody wants something else already. */
  void begin(List<String> symbols) {
    wanted.compareAndSet(null, Named.NONE.then(symbols, clock.get()));
  }

  /** From any thread; the last word counts. */
  void want(List<String> symbols) {
    Moment now = clock.get();
    wanted.updateAndGet(before -> (before == null ? Named.NONE : before).then(symbols, now));
  }

  /** There is none, so there is nothing to connect for. */
  boolean isNone() {
    return wanted.get().symbols().isEmpty();
  }

  /** The symbols that a connection is made with now. */
  Wanted subscribe() {
    subscribed = wanted.get();
    return subscribed();
  }

  /** The symbols that the connection was asked for, by now. */
  Wanted subscribed() {
    return wanted(subscribed.symbols());
  }

  /** What to change on the connection, told once; null when nothing differs. */
  Change takeChange() {
    List<String> before = subscribed.symbols();
    subscribed = wanted.get();
    List<String> added = without(subscribed.symbols(), before);
    List<String> removed = without(before, subscribed.symbols());
    return added.isEmpty() && removed.isEmpty() ? null : new Change(wanted(added), removed);
  }

  private Wanted wanted(List<String> symbols) {
    Moment now = clock.get();
    Map<String, Long> since = new HashMap<>();
    symbols.forEach(symbol -> since.put(symbol, subscribed.since().get(symbol).earliest(now)));
    return new Wanted(symbols, since);
  }

  private static List<String> without(List<String> all, List<String> some) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(some);
    return List.copyOf(rest);
  }
}
