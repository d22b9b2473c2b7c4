package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratehouse.connect.websocket.FeedHistory.Span;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.EventKind;

/**
 * Which times of a symbol the feed owes, which of them were written and which were told to be
 * missing, over all of the feed's tasks.
 */
final class TokenBooks {

  private static final long OPEN = Long.MAX_VALUE;

  private final List<String> symbols;
  private final Map<String, List<Span>> owed = new HashMap<>();
  private final Map<String, List<Span>> covered = new HashMap<>();

  TokenBooks(List<String> symbols) {
    this.symbols = symbols;
    for (String symbol : symbols) {
      owed.put(symbol, new ArrayList<>());
      covered.put(symbol, new ArrayList<>());
    }
  }

  /** From now on the feed has these symbols. */
  void named(Set<String> named, long now) {
    for (String symbol : symbols) {
      if (!named.contains(symbol)) {
        end(symbol, now);
      }
    }
  }

  private void end(String symbol, long now) {
    owed.get(symbol).replaceAll(span -> span.to() == OPEN ? new Span(span.from(), now) : span);
  }

  /** What a task knew when it died without a commit, nobody can owe: so from commits alone. */
  void committed(TokenTask.Commit commit) {
    for (String symbol : symbols) {
      covered.get(symbol).addAll(commit.taken().getOrDefault(symbol, List.of()));
      boolean known =
          commit.offset().symbols().contains(symbol)
              || commit.offset().openGaps().containsKey(symbol);
      List<Span> spans = owed.get(symbol);
      boolean open = !spans.isEmpty() && spans.get(spans.size() - 1).to() == OPEN;
      if (known && !open && commit.since().containsKey(symbol)) {
        spans.add(new Span(commit.since().get(symbol), OPEN));
      }
    }
    for (Event gap : gaps(commit.outputs())) {
      for (String symbol : gap.symbols()) {
        covered
            .computeIfAbsent(symbol, none -> new ArrayList<>())
            .add(new Span(gap.gap().fromMillis(), gap.gap().toMillis()));
      }
    }
  }

  static List<Event> gaps(List<FeedOutput> outputs) {
    return outputs.stream()
        .filter(Event.class::isInstance)
        .map(Event.class::cast)
        .filter(event -> event.kind() == EventKind.GAP)
        .toList();
  }

  /** The end, up to which all is owed. */
  void close(long now) {
    symbols.forEach(symbol -> end(symbol, now));
  }

  void checkNoHole() {
    for (String symbol : symbols) {
      for (Span span : owed.get(symbol)) {
        long upTo = span.from();
        for (Span next = at(symbol, upTo); next != null && upTo < span.to(); ) {
          upTo = next.to();
          next = at(symbol, upTo);
        }
        long hole = upTo;
        assertTrue(
            hole >= span.to(),
            () ->
                "%s is neither written nor missing at %d, of %s; covered: %s"
                    .formatted(symbol, hole, span, covered.get(symbol)));
      }
    }
  }

  private Span at(String symbol, long moment) {
    return covered.get(symbol).stream()
        .filter(span -> span.contains(moment))
        .max((a, b) -> Long.compare(a.to(), b.to()))
        .orElse(null);
  }
}
