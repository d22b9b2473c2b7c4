package org.ratehouse.connect.websocket;

import org.junit.jupiter.api.Test;

class FrameAssemblyPropertyTest {

  @Test
  void aFrameInAnyPartsComesOutAsItWasSentOrIsTooLarge() {
    SeededCases.run(20_000, 256, AssemblyCases::anyParts);
  }
}
