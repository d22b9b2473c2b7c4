package org.ratehouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MacdLinesTest {
  private static final long MINUTE = 60_000;

  private final MacdLines lines = new MacdLines(Map.of());

  private static double close(int bar) {
    return 1000 + 37 * Math.sin(bar) + bar;
  }

  private MacdBar take(int generation, int bar) {
    return lines.take(generation, bar * MINUTE, close(bar));
  }

  /** By the definition, all closes at hand: nothing is carried from bar to bar. */
  private static double ema(List<Double> values, int length, int from) {
    double held = 0;
    for (int i = from; i < from + length; i++) {
      held += values.get(i) / length;
    }
    for (int i = from + length; i < values.size(); i++) {
      held = values.get(i) * 2 / (length + 1) + held * (length - 1) / (length + 1);
    }
    return held;
  }

  @Test
  void eachBarIsWhatTheDefinitionMakesOfAllClosesBefore() {
    List<Double> closes = new ArrayList<>();
    List<Double> macds = new ArrayList<>();
    for (int bar = 1; bar <= 300; bar++) {
      closes.add(close(bar));
      MacdBar found = take(1, bar);
      assertEquals(bar, found.bar);
      if (bar < MacdBar.SLOW) {
        continue;
      }
      assertEquals(ema(closes, MacdBar.FAST, MacdBar.SLOW - MacdBar.FAST), found.fast, 1e-9);
      assertEquals(ema(closes, MacdBar.SLOW, 0), found.slow, 1e-9);
      macds.add(found.macd());
      if (bar >= MacdBar.FIRST) {
        assertEquals(ema(macds, MacdBar.SIGNAL, 0), found.signal, 1e-9);
      }
    }
  }

  @Test
  void aCandleThatComesAgainRevisesItsBarAndThoseAfterIt() {
    MacdLines wanted = new MacdLines(Map.of());
    for (int bar = 1; bar <= 60; bar++) {
      wanted.take(1, bar * MINUTE, close(bar));
    }
    for (int bar = 1; bar <= 50; bar++) {
      take(1, bar);
    }
    lines.take(1, 51 * MINUTE, 1);
    lines.take(1, 52 * MINUTE, 2);
    for (int bar = 51; bar <= 60; bar++) {
      take(1, bar);
    }
    MacdBar next = take(1, 61);
    MacdBar other = wanted.take(1, 61 * MINUTE, close(61));
    assertEquals(
        List.of(other.bar, other.fast, other.slow, other.signal),
        List.of(next.bar, next.fast, next.slow, next.signal));
  }

  @Test
  void theFirstCandleOfAllCanBeRevised() {
    lines.take(1, MINUTE, 5);
    assertEquals(7.0, lines.take(1, MINUTE, 7).slow);
  }

  @Test
  void aCandleOlderThanWhatIsHeldChangesNothing() {
    for (int bar = 1; bar <= 40; bar++) {
      take(1, bar);
    }
    assertNull(take(1, 30));
    assertEquals(41, take(1, 41).bar);
  }

  @Test
  void anOlderGenerationGoesOnUntilTheNewerHasReachedIt() {
    for (int bar = 1; bar <= 40; bar++) {
      take(1, bar);
    }
    for (int bar = 1; bar <= 39; bar++) {
      assertEquals(bar, take(2, bar).bar);
    }
    assertEquals(41, take(1, 41).bar);
    assertEquals(40, take(2, 40).bar);
    assertEquals(41, take(2, 41).bar);
    assertNull(take(1, 42));
    assertEquals(42, take(2, 42).bar);
  }

  @Test
  void aThirdGenerationOvertakesTheSecond() {
    take(1, 10);
    take(2, 1);
    take(3, 1);
    assertNull(take(2, 2));
    assertEquals(2, take(3, 2).bar);
    assertEquals(2, lines.held().size());
  }
}
