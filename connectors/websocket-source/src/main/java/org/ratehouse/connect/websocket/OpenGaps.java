package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * The gaps that have begun and not ended, of each symbol at most one. A gap ends when the symbol's
 * subscription is seen to be live, and is then told.
 */
final class OpenGaps {

  /** What the two clocks drift apart without one of them having been set. */
  private static final long DRIFT_MS = 100;

  private final long paddingMs;
  private final Map<String, OpenGap> gaps = new LinkedHashMap<>();
  private Map<String, Long> starts;

  OpenGaps(long paddingMs) {
    this.paddingMs = paddingMs;
  }

  /**
   * @param clock our clock less the steady one when it began, which tells whether it was set since
   * @param covered another connection brought what came since; only a killed worker makes it a gap
   */
  private record OpenGap(long fromMillis, long clock, String reason, boolean covered) {}

  /** A gap that is over, of all symbols that share it. */
  record Ended(List<String> symbols, String reason, Gap gap) {}

  /**
   * From the last moment that was proven to be complete; less the padding, for the clocks' skew.
   */
  void open(Collection<String> symbols, long provenMillis, String reason, Moment now) {
    put(symbols, new OpenGap(provenMillis - paddingMs, clock(now), reason, false));
  }

  /** From a moment that is the start as it is. */
  void openAt(Collection<String> symbols, long fromMillis, String reason, Moment now) {
    put(symbols, new OpenGap(fromMillis, clock(now), reason, false));
  }

  /** Nothing is missing, but nobody would know that after a kill in the middle of a hand-over. */
  void cover(Collection<String> symbols, long provenMillis, String reason, Moment now) {
    put(symbols, new OpenGap(provenMillis - paddingMs, clock(now), reason, true));
  }

  /** Takes up what a task before left open. */
  void resume(Map<String, Long> startsBefore, String reason, Moment now) {
    startsBefore.forEach((symbol, from) -> openAt(List.of(symbol), from, reason, now));
  }

  /** The connection that was to cover what is missing is gone. */
  void uncover(String reason) {
    gaps.replaceAll(
        (symbol, gap) ->
            gap.covered() ? new OpenGap(gap.fromMillis(), gap.clock(), reason, false) : gap);
  }

  private void put(Collection<String> symbols, OpenGap gap) {
    for (String symbol : symbols) {
      // A gap that is open already began earlier and knows why, unless it was covered until now.
      gaps.merge(symbol, gap, (open, later) -> open.covered() ? uncovered(open, later) : open);
    }
    starts = null;
  }

  private static OpenGap uncovered(OpenGap open, OpenGap later) {
    return new OpenGap(
        Math.min(open.fromMillis(), later.fromMillis()),
        open.clock(),
        later.reason(),
        later.covered());
  }

  /** Ends those of these symbols that are open; what was covered is no gap. */
  List<Ended> end(Collection<String> symbols, long atMillis, Moment now) {
    Map<OpenGap, List<String>> ended = new LinkedHashMap<>();
    for (String symbol : symbols) {
      OpenGap gap = gaps.remove(symbol);
      if (gap != null && !gap.covered()) {
        ended.computeIfAbsent(gap, same -> new ArrayList<>()).add(symbol);
      }
    }
    starts = null;
    return ended.entrySet().stream()
        .map(entry -> ended(entry.getKey(), List.copyOf(entry.getValue()), atMillis, now))
        .toList();
  }

  private Ended ended(OpenGap open, List<String> symbols, long atMillis, Moment now) {
    long from = open.fromMillis();
    long setBackMs = open.clock() - clock(now);
    if (setBackMs > DRIFT_MS) {
      // The start was read on a clock that ran ahead; this is the same moment on today's.
      from -= setBackMs;
    }
    from = Math.min(from, atMillis);
    long to = Math.max(atMillis + paddingMs, from + 1);
    return new Ended(symbols, open.reason(), new Gap(from, to));
  }

  private static long clock(Moment now) {
    return now.wallMillis() - now.steadyMillis();
  }

  boolean has(String symbol) {
    return !gaps.isEmpty() && gaps.containsKey(symbol);
  }

  /** What is missing of something that was complete up to the one moment and ended at the other. */
  Gap between(long provenMillis, long atMillis) {
    long from = Math.min(provenMillis - paddingMs, atMillis);
    // The clock may have been set back in between.
    long to = Math.max(provenMillis, atMillis) + paddingMs;
    return new Gap(from, Math.max(to, from + 1));
  }

  List<String> symbols() {
    return List.copyOf(gaps.keySet());
  }

  /**
   * The start of each symbol's, epoch milliseconds. What is returned does not change.
   *
   * @param more symbols that would have one, were nothing to come any more
   * @param provenMillis up to when all of these had come
   */
  Map<String, Long> starts(Collection<String> more, Long provenMillis) {
    if (starts == null) {
      Map<String, Long> copy = new TreeMap<>();
      gaps.forEach((symbol, gap) -> copy.put(symbol, gap.fromMillis()));
      starts = copy;
    }
    if (more.isEmpty()) {
      return starts;
    }
    Map<String, Long> all = new TreeMap<>(starts);
    more.forEach(symbol -> all.merge(symbol, provenMillis - paddingMs, Math::min));
    return all;
  }
}
