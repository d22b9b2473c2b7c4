package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AttemptsTest {

  private static Attempts attempts(long giveUpAfterMs) {
    return new Attempts(new Backoff(100, 1_600, new HighestNumbers()), giveUpAfterMs, 0);
  }

  @Test
  void theFirstAttemptIsAtOnce() {
    assertEquals(0, attempts(10_000).delayMs(0));
  }

  @Test
  void theServerIsLeftAloneForAtLeastAsLongAsItAsks() {
    Attempts attempts = attempts(100_000);
    attempts.ended(0, 30_000);
    assertEquals(30_000, attempts.delayMs(0));

    attempts.ended(30_000, 10);
    assertEquals(200, attempts.delayMs(30_000));
  }

  @Test
  void aServerThatAsksForTooLongIsTriedOnceMoreWhenTheTimeIsOver() {
    Attempts attempts = attempts(10_000);
    attempts.ended(4_000, 3_600_000);

    assertEquals(6_000, attempts.delayMs(4_000));
    assertFalse(attempts.isGivenUp(9_999));
    assertTrue(attempts.isGivenUp(10_000));
  }

  @Test
  void theTimeIsCountedFromTheEndOfTheLastOpenConnection() {
    Attempts attempts = attempts(10_000);
    attempts.opened();
    assertFalse(attempts.isGivenUp(50_000));
    attempts.ended(60_000, 0);
    attempts.ended(61_000, 0);

    assertFalse(attempts.isGivenUp(69_999));
    assertTrue(attempts.isGivenUp(70_000));
  }

  @Test
  void withNoLimitItNeverGivesUp() {
    Attempts attempts = attempts(0);
    attempts.ended(0, 3_600_000);

    assertEquals(3_600_000, attempts.delayMs(0));
    assertFalse(attempts.isGivenUp(Long.MAX_VALUE));
  }
}
