package org.ratehouse.connect.websocket;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of a feed's tasks has which symbol, by rendezvous hashing: the one with the highest weight
 * for it. So no symbol changes its task because another comes or goes, and with one task more or
 * less none but those that it gets or had. A task may have none.
 */
final class Shares {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Shares() {}

  /** The task's own of all symbols, each once, in their order. */
  static List<String> of(Collection<String> all, int task, int tasks) {
    return all.stream().distinct().filter(symbol -> taskOf(symbol, tasks) == task).toList();
  }

  /** How many symbols the task with the most of them has. */
  static int largest(Collection<String> all, int tasks) {
    Map<Integer, Integer> counts = new HashMap<>();
    all.stream().distinct().forEach(symbol -> counts.merge(taskOf(symbol, tasks), 1, Integer::sum));
    return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** From 0. The same in every version, or an upgrade would move symbols. */
  static int taskOf(String symbol, int tasks) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < symbol.length(); i++) {
      hash = (hash ^ symbol.charAt(i)) * FNV_PRIME;
    }
    int best = 0;
    for (int task = 1; task < tasks; task++) {
      if (weight(hash, task) > weight(hash, best)) {
        best = task;
      }
    }
    return best;
  }

  /** The finalizer of SplitMix64, for weights that differ wholly from one task to the next. */
  private static long weight(long symbolHash, int task) {
    long mixed = symbolHash + (task + 1) * GOLDEN;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
