package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;

/** Whatever happens to a feed in its life. One input takes a minute at most. */
class FeedFuzzTest {

  private static final Duration MOST = Duration.ofMinutes(1);

  @FuzzTest(maxDuration = "5m")
  void anyLife(byte[] data) {
    assertTimeout(MOST, () -> FeedCases.anyLife(data));
  }
}
