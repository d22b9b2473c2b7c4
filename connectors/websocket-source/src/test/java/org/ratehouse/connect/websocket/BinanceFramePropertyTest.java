package org.ratehouse.connect.websocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short and the same each time: the fuzz tests go on from here with other frames. */
@Timeout(600)
class BinanceFramePropertyTest {

  private static final FrameCases CASES = BinanceFrameFuzzTest.CASES;

  @Test
  void everyMadeFrameIsAccountedFor() {
    SeededCases.run(1_500, 2_048, CASES::madeFrames);
  }

  @Test
  void everyFindingOfTheFuzzerStaysFixed() {
    SeededCases.corpus(BinanceFrameFuzzTest.class, "anyText", CASES::anyText);
    SeededCases.corpus(BinanceFrameFuzzTest.class, "madeFrames", CASES::madeFrames);
  }
}
