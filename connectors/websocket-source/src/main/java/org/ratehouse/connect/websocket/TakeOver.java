package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a task takes over from the feed's other tasks when it starts, for the number of tokens may
 * have changed: up to when its symbols are accounted for, whoever had them. The offsets of all
 * tasks are looked at, and of what they say about a symbol the latest counts. So no time between
 * two tasks is in no gap, in whatever order they start or die.
 */
final class TakeOver {

  private final Map<Integer, FeedOffset> offsets;
  private final FeedOptions options;
  private final long now;
  private final Map<String, Word> lastWords = new HashMap<>();

  /**
   * @param offsets of all tasks of the feed, former ones too
   */
  TakeOver(Map<Integer, FeedOffset> offsets, FeedOptions options, Moment moment) {
    this.offsets = offsets;
    this.options = options;
    this.now = moment.wallMillis();
  }

  /**
   * What a task's offset says about a symbol: up to that moment it is accounted for.
   *
   * @param wanted the task has or had it; else it was to have it, but the feed did not want it
   */
  private record Word(int task, long at, boolean wanted) {

    /** At the same moment a gap too many is better than one too few. */
    boolean isAfter(Word other) {
      return at > other.at || at == other.at && wanted && !other.wanted;
    }
  }

  /**
   * Since when the options' task misses what no other one accounts for, by symbol, epoch
   * milliseconds: of its symbols that are new to it, and of those that would be if the feed still
   * wanted them. What is missing of these is told when there is a connection.
   */
  Map<String, Long> since() {
    FeedOffset own = offsets.get(options.taskIndex());
    Map<String, Long> since = new TreeMap<>();
    for (String symbol : options.share(known())) {
      Word last = own != null && holds(own, symbol) ? null : lastWord(symbol);
      if (last != null && last.wanted()) {
        since.put(symbol, Math.min(last.at(), now));
      }
    }
    return since;
  }

  /** The symbols of which an offset says anything. */
  private Set<String> known() {
    Set<String> symbols = new TreeSet<>();
    for (FeedOffset offset : offsets.values()) {
      symbols.addAll(offset.symbolsOr(options.feedSymbols()));
      symbols.addAll(offset.openGaps().keySet());
      symbols.addAll(offset.moved().keySet());
    }
    return symbols;
  }

  /** Which of the symbols that a task has left no other one has taken yet, and since when. */
  Map<String, Long> untaken(int task) {
    Map<String, Long> untaken = new TreeMap<>();
    offsets
        .get(task)
        .moved()
        .forEach(
            (symbol, at) -> {
              Word last = lastWord(symbol);
              boolean taken = last != null && last.task() != task;
              if (!taken && !isShare(symbol, task, options.taskCount())) {
                untaken.put(symbol, at);
              }
            });
    return untaken;
  }

  private Word lastWord(String symbol) {
    return lastWords.computeIfAbsent(
        symbol,
        asked -> {
          Word last = null;
          for (Map.Entry<Integer, FeedOffset> entry : offsets.entrySet()) {
            Word word = word(entry.getKey(), entry.getValue(), asked);
            last = word != null && (last == null || word.isAfter(last)) ? word : last;
          }
          return last;
        });
  }

  private Word word(int task, FeedOffset offset, String symbol) {
    Long gapFrom = offset.openGaps().get(symbol);
    if (gapFrom != null) {
      return new Word(task, gapFrom, true);
    }
    // The rest less the padding, which a gap's start has already: no two workers' clocks are one.
    boolean held = holds(offset, symbol);
    Long at = held ? offset.liveAsOf() : offset.moved().get(symbol);
    if (at != null) {
      return new Word(task, at - options.gapPaddingMs(), true);
    }
    boolean unwanted = !held && offset.tasks() != null && isShare(symbol, task, offset.tasks());
    long lived = lived(offset);
    // Of a clock that was set back since, nothing can be concluded.
    return unwanted && lived <= now ? new Word(task, lived - options.gapPaddingMs(), false) : null;
  }

  private boolean holds(FeedOffset offset, String symbol) {
    return offset.openGaps().containsKey(symbol)
        || offset.symbolsOr(options.feedSymbols()).contains(symbol);
  }

  private static boolean isShare(String symbol, int task, long tasks) {
    return Shares.taskOf(symbol, (int) tasks) == task;
  }

  /** A moment at which the connection was there. */
  private static long lived(FeedOffset offset) {
    long began = offset.connectionId() / 1_000;
    return offset.liveAsOf() == null ? began : Math.max(began, offset.liveAsOf());
  }
}
