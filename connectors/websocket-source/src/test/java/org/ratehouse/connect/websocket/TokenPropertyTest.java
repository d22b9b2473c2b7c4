package org.ratehouse.connect.websocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TokenPropertyTest {

  @Test
  void howeverTokensChangeAndTasksDieNoTimeOfASymbolIsInNoGap() {
    SeededCases.run(
        2_000,
        600,
        data -> {
          TokenWorld world = new TokenWorld(new Choices(data));
          world.run();
          world.books.checkNoHole();
        });
  }
}
