package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static List<Long> delays(Backoff backoff, int count) {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      delays.add(backoff.nextDelayMs());
    }
    return delays;
  }

  @Test
  void theCeilingDoublesUpToTheMost() {
    Backoff backoff = new Backoff(500, 3_000, new HighestNumbers());

    assertEquals(List.of(500L, 1_000L, 2_000L, 3_000L, 3_000L), delays(backoff, 5));
  }

  @Test
  void theCeilingNeverOverflows() {
    Backoff backoff = new Backoff(1, Long.MAX_VALUE - 1, new HighestNumbers());

    assertTrue(delays(backoff, 200).stream().allMatch(delay -> delay > 0));
  }

  @Test
  void aResetBeginsAnew() {
    Backoff backoff = new Backoff(500, 3_000, new HighestNumbers());
    delays(backoff, 3);
    backoff.reset();

    assertEquals(500, backoff.nextDelayMs());
  }

  @Test
  void delaysAreSpreadOverTheWholeRange() {
    Backoff backoff = new Backoff(1_000, 1_000, new SplittableRandom(7));
    List<Long> delays = delays(backoff, 1_000);

    assertTrue(delays.stream().allMatch(delay -> delay >= 0 && delay <= 1_000));
    assertTrue(delays.stream().anyMatch(delay -> delay < 100));
    assertTrue(delays.stream().anyMatch(delay -> delay > 900));
  }
}
