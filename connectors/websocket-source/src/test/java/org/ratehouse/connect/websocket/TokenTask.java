package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of a task, driven as its reader and its worker would. */
final class TokenTask {

  /**
   * What one transaction wrote.
   *
   * @param taken the times of which every trade of a symbol is in it or in one before
   * @param since when the task got each of the symbols that it has; empty for a former task
   */
  record Commit(
      int task,
      List<FeedOutput> outputs,
      FeedOffset offset,
      Map<String, List<FeedHistory.Span>> taken,
      Map<String, Long> since) {}

  private final FeedOptions options;
  private final FeedState state;
  private final WantedSymbols symbols;
  private Moment clock;
  private final List<Commit> left = new ArrayList<>();
  private final Map<String, Long> since = new HashMap<>();

  /** From when on the trades of a symbol come that are in no transaction yet. */
  private final Map<String, Long> coming = new HashMap<>();

  private final Map<String, List<FeedHistory.Span>> taken = new HashMap<>();
  private List<String> share;
  private boolean open;
  private boolean connected;

  TokenTask(FeedOptions options, Map<Integer, FeedOffset> stored, long now) {
    this.options = options;
    this.share = options.symbols();
    TaskStart start = TaskStart.of(options, stored, moment(now));
    state = start.state();
    for (FormerTasks.Left former : start.left()) {
      left.add(new Commit(former.task(), former.outputs(), former.offset(), Map.of(), Map.of()));
    }
    clock = moment(now);
    symbols = new WantedSymbols(() -> clock);
    symbols.begin(share);
    share.forEach(symbol -> since.put(symbol, now));
  }

  private static Moment moment(long now) {
    return new Moment(now, now);
  }

  boolean isOpen() {
    return open;
  }

  boolean hasConnected() {
    return connected;
  }

  /** It has the symbol, or is still to tell a gap of it. */
  boolean has(String symbol) {
    return state.offset().symbols().contains(symbol)
        || state.offset().openGaps().containsKey(symbol);
  }

  /** Connects, or takes in what the server answers. */
  void turn(long now) {
    clock = moment(now);
    if (open) {
      state.accept(new FeedSignal.Pong(now, now), moment(now));
      state.tick(moment(now));
    } else if (share.isEmpty()) {
      state.nothingWanted(moment(now));
    } else {
      open = true;
      connected = true;
      state.accept(new FeedSignal.Opened(now, symbols.subscribe(), false), moment(now));
      share.forEach(symbol -> coming.put(symbol, now));
    }
  }

  void close(long now) {
    open = false;
    List.copyOf(coming.keySet()).forEach(symbol -> ended(symbol, now));
    state.accept(new FeedSignal.Closed("gone", now), moment(now));
  }

  private void ended(String symbol, long now) {
    Long from = coming.remove(symbol);
    if (from != null) {
      taken.computeIfAbsent(symbol, none -> new ArrayList<>()).add(new FeedHistory.Span(from, now));
    }
  }

  /** The feed has other symbols; a task without a connection asks for them with its next one. */
  void change(List<String> named, long now) {
    List<String> after = options.share(named);
    List<String> added = after.stream().filter(symbol -> !share.contains(symbol)).toList();
    List<String> removed = share.stream().filter(symbol -> !after.contains(symbol)).toList();
    share = after;
    clock = moment(now);
    symbols.want(after);
    since.keySet().removeAll(removed);
    added.forEach(symbol -> since.put(symbol, now));
    WantedSymbols.Change change = open ? symbols.takeChange() : null;
    if (change != null) {
      state.accept(
          new FeedSignal.SymbolsChanged(change.added(), change.removed(), now), moment(now));
      added.forEach(symbol -> coming.put(symbol, now));
      removed.forEach(symbol -> ended(symbol, now));
    }
  }

  /** The transactions of a poll, or of two; none when there is nothing to write. */
  List<Commit> commits(long now) {
    List<Commit> commits = new ArrayList<>(left);
    left.clear();
    List<FeedOutput> outputs = state.takeOutputs();
    if (!outputs.isEmpty()) {
      for (String symbol : List.copyOf(coming.keySet())) {
        ended(symbol, now);
        coming.put(symbol, now);
      }
      commits.add(
          new Commit(
              options.taskIndex(), outputs, state.offset(), Map.copyOf(taken), Map.copyOf(since)));
      taken.clear();
    }
    return commits;
  }
}
