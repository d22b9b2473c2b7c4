package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  /** Sun, 06 Nov 1994 08:49:37 GMT. */
  private static final long NOW = 784_111_777_000L;

  @ParameterizedTest
  @CsvSource({
    "120,120000",
    "' 7 ',7000",
    "0,0",
    "'Sun, 06 Nov 1994 08:50:37 GMT',60000",
    "'Sun, 06 Nov 1994 08:48:37 GMT',0"
  })
  void secondsAndDatesAreUnderstood(String header, long millis) {
    assertEquals(millis, RetryAfter.millis(header, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "１２", "Sun, 99 Nov 1994 08:49:37 GMT"})
  void whatIsNoneOfBothCountsAsNotSaid(String header) {
    assertEquals(0, RetryAfter.millis(header, NOW));
  }

  @Test
  void aHugeNumberDoesNotOverflow() {
    assertTrue(RetryAfter.millis("999999999999999999999999", NOW) > 0);
    assertTrue(RetryAfter.millis("999999999999999", NOW) > 0);
  }
}
