package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a feed has written, with every point to which a dead worker may fall back. */
final class FeedHistory {

  /** A time in which a symbol's trades are to be accounted for, the world's milliseconds. */
  record Span(long from, long to) {

    boolean contains(long at) {
      return at >= from && at < to;
    }
  }

  private record Point(int size, FeedOffset offset, Map<String, List<Span>> spans) {}

  private static final long OPEN = Long.MAX_VALUE;

  private final List<FeedOutput> outputs = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();
  private Map<String, List<Span>> spans = Map.of();
  private int committed;

  /** What one step of the feed yielded: written whole or not at all. */
  void add(List<FeedOutput> added, FeedOffset offset) {
    if (!added.isEmpty()) {
      outputs.addAll(added);
      points.add(new Point(outputs.size(), offset, spans));
    }
  }

  /** From now on these symbols are asked for, and no others. */
  void wants(Set<String> symbols, long now) {
    Map<String, List<Span>> changed = new HashMap<>();
    spans.forEach(
        (symbol, list) -> changed.put(symbol, symbols.contains(symbol) ? list : ended(list, now)));
    for (String symbol : symbols) {
      List<Span> list = new ArrayList<>(changed.getOrDefault(symbol, List.of()));
      if (list.isEmpty() || list.get(list.size() - 1).to() != OPEN) {
        list.add(new Span(now, OPEN));
      }
      changed.put(symbol, list);
    }
    spans = changed;
  }

  private static List<Span> ended(List<Span> list, long now) {
    return list.stream()
        .map(span -> span.to() == OPEN ? new Span(span.from(), now) : span)
        .toList();
  }

  /**
   * Forgets what was written after some point at or above the last commit, which is the commit now.
   * Returns its offset; null when nothing was ever written.
   */
  FeedOffset loseSome(Choices choices) {
    committed += choices.below(points.size() - committed + 1);
    points.subList(committed, points.size()).clear();
    Point last = committed == 0 ? new Point(0, null, Map.of()) : points.get(committed - 1);
    outputs.subList(last.size(), outputs.size()).clear();
    spans = last.spans();
    return last.offset();
  }

  /** The feed goes on no further. */
  void end(long now, FeedOffset offset) {
    spans.replaceAll((symbol, list) -> ended(list, now));
    points.add(new Point(outputs.size(), offset, spans));
  }

  List<FeedOutput> outputs() {
    return outputs;
  }

  FeedOffset offset() {
    return points.get(points.size() - 1).offset();
  }

  /** Whether the symbol's trades of that moment are to be accounted for. */
  boolean owes(String symbol, long at) {
    return spans.getOrDefault(symbol, List.of()).stream().anyMatch(span -> span.contains(at));
  }
}
