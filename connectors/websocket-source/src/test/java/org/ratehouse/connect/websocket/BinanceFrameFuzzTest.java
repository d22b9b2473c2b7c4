package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;

/** Whatever Binance, or who pretends to be it, sends. One input takes a minute at most. */
class BinanceFrameFuzzTest {

  private static final Duration MOST = Duration.ofMinutes(1);

  static final FrameCases CASES =
      new FrameCases(
          new BinanceOracle(),
          new BinanceFrameMaker(),
          "feed.venue",
          "binance",
          "feed.symbols",
          "BTCUSDT,ETHUSDT");

  @DictionaryEntries({
    "\"stream\":\"btcusdt@trade\"",
    "\"data\":{",
    "\"e\":\"trade\"",
    "\"e\":\"serverShutdown\"",
    "\"s\":\"BTCUSDT\"",
    "\"t\":1",
    "\"p\":\"1.5\"",
    "\"q\":\"1\"",
    "\"T\":1700000000000",
    "\"m\":true",
    "\"result\":null",
    "\"id\":1",
    "\"code\":",
    "\"msg\":",
    "\"error\":{",
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
