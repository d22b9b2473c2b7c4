package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {

  private static final List<String> SYMBOLS =
      IntStream.range(0, 1_000).mapToObj(i -> "BINANCE:S" + i + "USDT").toList();

  @Test
  void everySymbolIsInOneTasksShareOnceAndInItsOrder() {
    List<String> twice = new ArrayList<>(SYMBOLS);
    twice.addAll(SYMBOLS);
    Set<String> dealtOut = new TreeSet<>();
    int count = 0;
    for (int task = 0; task < 7; task++) {
      List<String> share = Shares.of(twice, task, 7);
      assertEquals(SYMBOLS.stream().filter(share::contains).toList(), share);
      dealtOut.addAll(share);
      count += share.size();
    }
    assertEquals(new TreeSet<>(SYMBOLS), dealtOut);
    assertEquals(SYMBOLS.size(), count);
  }

  @Test
  void sharesAreAboutEqual() {
    int largest = Shares.largest(SYMBOLS, 7);

    assertTrue(largest < 1_000 / 7 * 1.3, "the largest of 7 has " + largest);
    assertEquals(
        largest, IntStream.range(0, 7).map(t -> Shares.of(SYMBOLS, t, 7).size()).max().orElse(0));
  }

  @Test
  void noSymbolChangesItsTaskBecauseAnotherIsRemoved() {
    List<String> fewer = SYMBOLS.subList(1, SYMBOLS.size());
    for (int task = 0; task < 3; task++) {
      List<String> kept = new ArrayList<>(Shares.of(SYMBOLS, task, 3));
      kept.remove(SYMBOLS.get(0));
      assertEquals(kept, Shares.of(fewer, task, 3));
    }
  }

  @Test
  void withOneTaskLessOnlyItsOwnSymbolsMove() {
    for (String symbol : SYMBOLS) {
      int before = Shares.taskOf(symbol, 5);
      assertTrue(before == 4 || before == Shares.taskOf(symbol, 4), symbol);
    }
  }

  /** Another value would move symbols at an upgrade. */
  @Test
  void theTaskOfASymbolIsTheSameInEveryVersion() {
    List<Integer> tasks =
        List.of("BINANCE:BTCUSDT", "AAPL", "OANDA:EUR_USD", "A", "B").stream()
            .map(symbol -> Shares.taskOf(symbol, 4))
            .toList();

    assertEquals(List.of(0, 1, 1, 0, 1), tasks);
  }
}
