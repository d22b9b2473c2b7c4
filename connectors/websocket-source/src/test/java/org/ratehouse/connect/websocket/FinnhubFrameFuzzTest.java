package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;

/** Whatever Finnhub, or who pretends to be it, sends. One input takes a minute at most. */
class FinnhubFrameFuzzTest {

  private static final Duration MOST = Duration.ofMinutes(1);

  static final FrameCases CASES = new FrameCases(new FinnhubOracle(), new FinnhubFrameMaker());

  @DictionaryEntries({
    "\"data\":[",
    "\"type\":\"trade\"",
    "\"type\":\"ping\"",
    "\"type\":\"error\"",
    "\"msg\":",
    "\"s\":\"A\"",
    "\"p\":",
    "\"t\":1700000000000",
    "\"v\":",
    "\"c\":[\"1\"]",
    "\\u0073",
    "\\ud800",
    "e999999999",
    TestOptions.TOKEN
  })
  @FuzzTest(maxDuration = "5m")
  void anyText(byte[] data) {
    assertTimeout(MOST, () -> CASES.anyText(data));
  }

  @FuzzTest(maxDuration = "5m")
  void madeFrames(byte[] data) {
    assertTimeout(MOST, () -> CASES.madeFrames(data));
  }
}
