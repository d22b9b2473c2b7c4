package org.ratehouse.connect.websocket;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * The last trade id of each subscribed symbol, at a venue whose ids grow by one: a jump proves a
 * loss, and tells which trades of a second connection came on the first already.
 */
final class TradeIds {

  /** No id, or none that is a whole number. */
  static final long NONE = -1;

  private final long paddingMs;
  private final Map<String, Integer> places = new HashMap<>();
  // Arrays, for the state is copied after every frame, and copying these is next to nothing.
  private String[] names = new String[8];
  private long[] ids = new long[8];
  private long[] receivedAt = new long[8];

  /** The ids that came on this connection. */
  private SeenIds[] seen = new SeenIds[8];

  /** Those of the connection that ran beside it before; null when this one is past them. */
  private SeenIds[] before = new SeenIds[8];

  private boolean keepsAll;

  TradeIds(long paddingMs) {
    this.paddingMs = paddingMs;
  }

  /** The id as a number; {@link #NONE} when it is not one. */
  static long parse(String id) {
    if (id == null || id.isEmpty() || id.length() > 18) {
      return NONE;
    }
    long number = 0;
    for (int i = 0; i < id.length(); i++) {
      int digit = id.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Symbols whose ids are kept from now on; of one that is known already they go on. */
  void subscribe(Collection<String> symbols) {
    for (String symbol : symbols) {
      int place = places.size();
      if (places.putIfAbsent(symbol, place) == null) {
        grow(place + 1);
        names[place] = symbol;
        ids[place] = NONE;
        seen[place] = newlySeen();
      }
    }
  }

  private void grow(int size) {
    if (size > ids.length) {
      names = Arrays.copyOf(names, 2 * size);
      ids = Arrays.copyOf(ids, 2 * size);
      receivedAt = Arrays.copyOf(receivedAt, 2 * size);
      seen = Arrays.copyOf(seen, 2 * size);
      before = Arrays.copyOf(before, 2 * size);
    }
  }

  private SeenIds newlySeen() {
    SeenIds none = new SeenIds();
    if (keepsAll) {
      none.keepAll();
    }
    return none;
  }

  /** Another connection may be made beside this one: every id from now on will be told apart. */
  void keepAll() {
    keepsAll = true;
    for (int place = 0; place < places.size(); place++) {
      seen[place].keepAll();
    }
  }

  /** Symbols that are not subscribed to, or anew: what came before does not count. */
  void forget(Collection<String> symbols) {
    for (String symbol : symbols) {
      Integer place = places.get(symbol);
      if (place != null) {
        // Not what was seen: what is on its way is repeated, whatever is subscribed to meanwhile.
        ids[place] = NONE;
      }
    }
  }

  /** Takes up what was kept before, when all before that moment had come. */
  void resume(Map<String, Long> lastIds, long provenMillis) {
    subscribe(lastIds.keySet());
    lastIds.forEach(
        (symbol, id) -> {
          ids[places.get(symbol)] = id;
          receivedAt[places.get(symbol)] = provenMillis;
        });
  }

  /** A connection begins. Joined to one that ran beside it, it may repeat what came there. */
  void opened(boolean joined) {
    keepsAll = false;
    for (int place = 0; place < places.size(); place++) {
      before[place] = joined ? seen[place] : null;
      seen[place] = newlySeen();
    }
  }

  /** The trade came on the connection before this one already. */
  boolean isRepeated(String symbol, long id) {
    Integer place = places.get(symbol);
    SeenIds there = place == null ? null : before[place];
    if (there == null) {
      return false;
    }
    if (id > there.highest()) {
      before[place] = null;
      return false;
    }
    return there.contains(id);
  }

  /** Takes a trade in. Returns the gap that its id proves before it; null when there is none. */
  Gap take(String symbol, long id, long atMillis) {
    Integer place = places.get(symbol);
    if (place == null) {
      return null;
    }
    long last = ids[place];
    long lastAt = receivedAt[place];
    // An id that does not grow is no reason to forget the highest: it would make a false jump
    // later.
    ids[place] = Math.max(last, id);
    seen[place].add(id);
    receivedAt[place] = atMillis;
    if (last == NONE || id <= last + 1) {
      return null;
    }
    long from = Math.min(lastAt, atMillis) - paddingMs;
    long to = Math.max(atMillis + paddingMs, from + 1);
    return new Gap(from, to, Long.toString(last + 1), Long.toString(id - 1));
  }

  /** As it is now, whatever happens here later. */
  Snapshot snapshot() {
    return new Snapshot(names, Arrays.copyOf(ids, places.size()));
  }

  /** The last ids at one moment; names are only ever added behind those that it speaks of. */
  record Snapshot(String[] names, long[] ids) {

    static final Snapshot NONE_KEPT = new Snapshot(new String[0], new long[0]);

    static Snapshot of(Map<String, Long> lastIds) {
      return new Snapshot(
          lastIds.keySet().toArray(String[]::new),
          lastIds.values().stream().mapToLong(Long::longValue).toArray());
    }

    Map<String, Long> toMap() {
      Map<String, Long> map = new TreeMap<>();
      for (int place = 0; place < ids.length; place++) {
        if (ids[place] != NONE) {
          map.put(names[place], ids[place]);
        }
      }
      return map;
    }
  }
}
