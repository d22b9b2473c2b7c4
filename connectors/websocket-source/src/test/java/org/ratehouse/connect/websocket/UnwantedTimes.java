package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratehouse.connect.websocket.FeedHistory.Span;
import org.ratehouse.connect.websocket.FeedOutput.Event;

/**
 * The times in which a feed did not want a symbol, from when all of its tasks knew to when it was
 * wanted again, less the first minute. No gap is to be told of them. That is promised only while
 * the number of tokens stays as it is: a task that is no more may know of no change.
 */
final class UnwantedTimes {

  private static final long MINUTE_MS = 60_000;

  private final List<String> symbols;
  private final Map<String, Long> settled = new HashMap<>();
  private final Map<String, List<Span>> times = new HashMap<>();

  /** How many gaps were told of symbols that had such a time. */
  int looked;

  UnwantedTimes(List<String> symbols) {
    this.symbols = symbols;
  }

  void look(
      Set<String> named,
      Map<Integer, FeedOffset> stored,
      Collection<TokenTask> running,
      int tokens,
      long now) {
    for (String symbol : symbols) {
      if (!named.contains(symbol)
          && !settled.containsKey(symbol)
          && running.stream().noneMatch(task -> task.has(symbol))
          && isGivenUp(symbol, stored, tokens)) {
        settled.put(symbol, now);
      }
    }
  }

  private static boolean isGivenUp(String symbol, Map<Integer, FeedOffset> stored, int tokens) {
    FeedOffset owner = stored.get(Shares.taskOf(symbol, tokens));
    for (FeedOffset offset : stored.values()) {
      Long moved = offset.moved().get(symbol);
      boolean held = offset.symbols().contains(symbol) || offset.openGaps().containsKey(symbol);
      boolean taken =
          moved == null
              || owner != null && owner.tasks() == tokens && owner.connectionId() / 1_000 > moved;
      if (held || !taken) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param owner the task that has it from now on; null when it does not run
   */
  void wantedAgain(String symbol, TokenTask owner, long now) {
    Long from = settled.remove(symbol);
    boolean counts = owner == null || owner.hasConnected();
    long to = now - now % MINUTE_MS;
    // One that has had no connection counts a new symbol from its own start on.
    if (from != null && counts && from + 1 < to) {
      times.computeIfAbsent(symbol, none -> new ArrayList<>()).add(new Span(from + 1, to));
    }
  }

  void forget() {
    settled.clear();
    times.clear();
  }

  void check(List<FeedOutput> outputs) {
    for (Event gap : TokenBooks.gaps(outputs)) {
      for (String symbol : gap.symbols()) {
        for (Span span : times.getOrDefault(symbol, List.of())) {
          looked++;
          assertTrue(
              gap.gap().toMillis() <= span.from() || gap.gap().fromMillis() >= span.to(),
              () -> "nobody wanted %s in %s, of which %s was told".formatted(symbol, span, gap));
        }
        assertTrue(
            gap.gap().toMillis() - 1 <= settled.getOrDefault(symbol, Long.MAX_VALUE),
            () -> "nobody wants %s since %s; told: %s".formatted(symbol, settled, gap));
      }
    }
  }
}
