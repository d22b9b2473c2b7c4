package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

  @Test
  void itKnowsExactlyWhichIdsCameInWhateverOrder() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      SeenIds seen = new SeenIds();
      seen.keepAll();
      Set<Long> came = new HashSet<>();
      long id = 0;
      for (int i = 0; i < 100; i++) {
        id = random.nextInt(4) == 0 ? random.nextInt(80) : id + 1;
        seen.add(id);
        came.add(id);
      }
      for (long asked = 0; asked < 200; asked++) {
        assertEquals(came.contains(asked), seen.contains(asked), asked + " of " + came);
      }
    }
  }

  @Test
  void beforeAllAreKeptItKnowsTheNewestRun() {
    SeenIds seen = new SeenIds();
    for (long id : new long[] {1, 2, 900, 7, 8}) {
      seen.add(id);
    }
    seen.keepAll();

    assertEquals(true, seen.contains(7) && seen.contains(8));
    assertEquals(false, seen.contains(900) || seen.contains(2) || seen.contains(9));
    assertEquals(900, seen.highest());
  }
}
