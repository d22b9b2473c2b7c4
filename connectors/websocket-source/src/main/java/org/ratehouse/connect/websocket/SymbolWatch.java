package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which symbols of a connection have fallen silent, of those that have traded on it. One that stays
 * silent is found again after twice the time, up to sixteen times the first: its silence stays
 * covered, and events do not flood.
 */
final class SymbolWatch {

  private static final long MOST_TIMES = 16;
  private static final long NEVER = Long.MAX_VALUE;

  private static final class Watched {
    /** When all of the symbol was known to be in, our time: a trade, or a live subscription. */
    long provenMillis;

    long provenSteady;
    long waitMs;
    boolean traded;
    boolean silent;
  }

  /**
   * A symbol of which nothing came for so long.
   *
   * @param provenMillis the last moment at which all of it was in
   */
  record Silence(String symbol, long provenMillis, long waitMs) {

    String reason() {
      return "no trade of " + symbol + " for " + waitMs + " ms";
    }
  }

  private final long firstWaitMs;
  private final Map<String, Watched> symbols = new HashMap<>();
  private long lookAgainAt = NEVER;

  /**
   * @param firstWaitMs 0 for no watch at all
   */
  SymbolWatch(long firstWaitMs) {
    this.firstWaitMs = firstWaitMs;
  }

  /** A connection begins: nothing has traded on it yet. */
  void opened() {
    symbols.clear();
    lookAgainAt = NEVER;
  }

  void subscribe(Collection<String> added) {
    if (firstWaitMs > 0) {
      added.forEach(symbol -> symbols.put(symbol, new Watched()));
    }
  }

  void unsubscribe(Collection<String> removed) {
    removed.forEach(symbols::remove);
  }

  void traded(String symbol, long receivedAtMillis, long steadyMillis) {
    Watched watched = symbols.get(symbol);
    if (watched == null) {
      return;
    }
    watched.provenMillis = receivedAtMillis;
    watched.provenSteady = steadyMillis;
    if (!watched.traded || watched.waitMs != firstWaitMs) {
      watched.traded = true;
      watched.waitMs = firstWaitMs;
      lookAgainAt = Math.min(lookAgainAt, steadyMillis + firstWaitMs);
    }
    watched.silent = false;
  }

  /** Subscriptions were seen to be live: silent ones among them are watched anew, for longer. */
  void live(Collection<String> shown, long atMillis, long steadyMillis) {
    for (String symbol : shown) {
      Watched watched = symbols.get(symbol);
      if (watched != null && watched.silent) {
        watched.silent = false;
        watched.provenMillis = atMillis;
        watched.provenSteady = steadyMillis;
        watched.waitMs = Math.min(2 * watched.waitMs, MOST_TIMES * firstWaitMs);
        lookAgainAt = Math.min(lookAgainAt, steadyMillis + watched.waitMs);
      }
    }
  }

  /** The symbols that have been silent for too long; each is told once, until it is live again. */
  List<Silence> silent(long steadyMillis) {
    if (steadyMillis < lookAgainAt) {
      return List.of();
    }
    List<Silence> found = new ArrayList<>();
    lookAgainAt = NEVER;
    symbols.forEach(
        (symbol, watched) -> {
          if (!watched.traded || watched.silent) {
            return;
          }
          long due = watched.provenSteady + watched.waitMs;
          if (steadyMillis >= due) {
            watched.silent = true;
            found.add(new Silence(symbol, watched.provenMillis, watched.waitMs));
          } else {
            lookAgainAt = Math.min(lookAgainAt, due);
          }
        });
    return found;
  }
}
