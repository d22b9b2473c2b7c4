package org.ratehouse.connect.websocket;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /**
   * @param offsets of all tasks of the feed, former ones too
   */
  TakeOver(Map<Integer, FeedOffset> offsets, FeedOptions options, Moment moment) {
    this.offsets = offsets;
    this.options = options;
    this.now = moment.wallMillis();
  }

  /**
   * What an offset says about a symbol.
   *
   * @param at up to this moment it is accounted for
   * @param over the feed did not want it then
   */
  private record Word(int task, long at, boolean over) {

    /** At the same moment a gap too many is better than one too few. */
    boolean isAfter(Word other) {
      return other == null || at > other.at || at == other.at && other.over;
    }
  }

  /**
   * Since when a task misses what no other one accounts for, by symbol, epoch milliseconds: of the
   * symbols that are new to it, and of those that it had and no task took before the feed gave them
   * up.
   *
   * @param share the task's symbols
   */
  Map<String, Long> since(int task, Collection<String> share) {
    FeedOffset own = offsets.get(task);
    Map<String, Long> since = new TreeMap<>();
    for (String symbol : share) {
      Word last = own != null && holds(own, symbol) ? null : lastWord(symbol);
      if (last != null && !last.over()) {
        since.put(symbol, Math.min(last.at(), now));
      }
    }
    for (String symbol : own == null ? List.<String>of() : own.moved().keySet()) {
      if (!options.feedSymbols().contains(symbol) && lastWord(symbol).task() == task) {
        since.put(symbol, Math.min(lastWord(symbol).at(), now));
      }
    }
    return since;
  }

  private Word lastWord(String symbol) {
    Word last = null;
    for (Map.Entry<Integer, FeedOffset> entry : offsets.entrySet()) {
      Word word = word(entry.getKey(), entry.getValue(), symbol);
      if (word != null && word.isAfter(last)) {
        last = word;
      }
    }
    return last;
  }

  private Word word(int task, FeedOffset offset, String symbol) {
    Long at = accountedUpTo(offset, symbol);
    if (at != null) {
      return new Word(task, at, false);
    }
    boolean had = offset.tasks() != null && isShare(symbol, task, offset.tasks());
    long lived = lived(offset) - options.gapPaddingMs();
    // Of a clock that was set back since, nothing can be concluded.
    return had && lived <= now ? new Word(task, lived, true) : null;
  }

  private Long accountedUpTo(FeedOffset offset, String symbol) {
    Long open = offset.openGaps().get(symbol);
    if (open != null) {
      return open;
    }
    // Another worker's clock may be another, as the venue's may.
    Long proven = holds(offset, symbol) ? offset.liveAsOf() : offset.moved().get(symbol);
    return proven == null ? null : proven - options.gapPaddingMs();
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
