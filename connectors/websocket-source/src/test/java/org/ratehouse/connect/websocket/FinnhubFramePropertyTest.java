package org.ratehouse.connect.websocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short and the same each time: the fuzz tests go on from here with other frames. */
@Timeout(600)
class FinnhubFramePropertyTest {

  private static final FrameCases CASES = FinnhubFrameFuzzTest.CASES;

  @Test
  void everyMadeFrameIsAccountedFor() {
    SeededCases.run(1_500, 2_048, CASES::madeFrames);
  }

  @Test
  void everyFindingOfTheFuzzerStaysFixed() {
    SeededCases.corpus(FinnhubFrameFuzzTest.class, "anyText", CASES::anyText);
    SeededCases.corpus(FinnhubFrameFuzzTest.class, "madeFrames", CASES::madeFrames);
  }
}
