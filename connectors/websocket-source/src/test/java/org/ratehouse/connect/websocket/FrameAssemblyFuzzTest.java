package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;

/** Frames that come in parts of any size. One input takes a minute at most. */
class FrameAssemblyFuzzTest {

  private static final Duration MOST = Duration.ofMinutes(1);

  @FuzzTest(maxDuration = "5m")
  void anyParts(byte[] data) {
    assertTimeout(MOST, () -> AssemblyCases.anyParts(data));
  }
}
