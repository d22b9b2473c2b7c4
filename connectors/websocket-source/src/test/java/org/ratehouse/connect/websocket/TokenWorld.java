package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A feed whose number of tokens and whose symbols change, and whose tasks start, connect, commit
 * and die in any order, by choices. There is one clock, and no padding.
 */
final class TokenWorld {

  private static final List<String> SYMBOLS = List.of("A", "B", "C", "D", "E", "F");
  private static final int MOST_TOKENS = 5;

  /** With these every task has a symbol, so that at the end each has a connection. */
  private static final List<String> FILLING =
      IntStream.range(0, 60).mapToObj(i -> "Z" + i).toList();

  final TokenBooks books = new TokenBooks(SYMBOLS);
  final UnwantedTimes unwanted = new UnwantedTimes(SYMBOLS);
  private final Choices choices;
  private final Map<Integer, FeedOffset> stored = new TreeMap<>();
  private final Map<Integer, TokenTask> running = new HashMap<>();
  private final Set<String> named = new LinkedHashSet<>(SYMBOLS.subList(0, 4));
  private int tokens = 2;
  private long now = FeedDriver.START;

  TokenWorld(Choices choices) {
    this.choices = choices;
    books.named(named, now);
  }

  /** Runs as long as there are choices, and then until every task has told all it has to tell. */
  void run() {
    while (!choices.isAtEnd()) {
      now += choices.oneIn(8) ? choices.between(1, 200_000) : choices.between(1, 400);
      act();
      unwanted.look(named, stored, running.values(), tokens, now);
    }
    settle();
  }

  private void act() {
    int task = choices.below(tokens);
    TokenTask run = running.get(task);
    switch (choices.below(32)) {
      case 0 -> changeTokens();
      case 1, 2, 3 -> changeSymbols();
      case 4, 5 -> running.remove(task);
      case 6 -> onOpen(run, () -> run.close(now));
      default -> {
        if (run == null) {
          start(task);
        } else if (choices.oneIn(3)) {
          commit(run);
        } else {
          run.turn(now);
        }
      }
    }
  }

  private static void onOpen(TokenTask run, Runnable action) {
    if (run != null && run.isOpen()) {
      action.run();
    }
  }

  private void start(int task) {
    running.put(task, new TokenTask(options(task), stored, now));
  }

  private FeedOptions options(int task) {
    String given =
        IntStream.range(0, tokens).mapToObj(i -> "token" + i).collect(Collectors.joining(","));
    return TestOptions.options(
        "feed.token", given,
        "task.index", Integer.toString(task),
        "feed.symbols", String.join(",", named),
        "gap.padding.ms", "0",
        "counts.interval.ms", "10",
        "watchdog.ms", "0",
        "watchdog.symbol.ms", "0");
  }

  private void commit(TokenTask run) {
    for (TokenTask.Commit commit : run.commits(now)) {
      // By way of what Connect stores.
      stored.put(commit.task(), FeedOffset.fromMap(commit.offset().toMap()));
      books.committed(commit);
      unwanted.check(commit.outputs());
    }
  }

  private void changeTokens() {
    tokens = 1 + choices.below(MOST_TOKENS);
    running.clear();
    unwanted.forget();
  }

  private void changeSymbols() {
    String symbol = SYMBOLS.get(choices.below(SYMBOLS.size()));
    if (!named.remove(symbol)) {
      named.add(symbol);
    } else if (named.isEmpty()) {
      named.add(symbol);
      return;
    }
    books.named(named, now);
    if (named.contains(symbol)) {
      unwanted.wantedAgain(symbol, running.get(Shares.taskOf(symbol, tokens)), now);
    }
    running.values().forEach(run -> run.change(List.copyOf(named), now));
  }

  private void settle() {
    named.addAll(FILLING);
    running.clear();
    IntStream.range(0, tokens).forEach(this::start);
    long end = now;
    for (int round = 0; round < 4; round++) {
      // The last round takes in all up to here.
      end = now;
      for (TokenTask run : running.values()) {
        now += 20;
        run.turn(now);
        commit(run);
      }
    }
    books.close(end);
  }
}
