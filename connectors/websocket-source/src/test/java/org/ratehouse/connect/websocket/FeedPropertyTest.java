package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ratehouse.connect.websocket.VenueModel.Made;

@Timeout(600)
class FeedPropertyTest {

  @Test
  void whateverHappensEveryTradeIsWrittenOnceOrLiesInAGap() {
    SeededCases.run(1_000, 600, FeedCases::anyLife);
  }

  @Test
  void everyFindingOfTheFuzzerStaysFixed() {
    SeededCases.corpus(FeedFuzzTest.class, "anyLife", FeedCases::anyLife);
  }

  /** The second connection repeats what the first brought, also of a symbol that is given up. */
  @Test
  void aSymbolGivenUpRightAfterAHandOverIsNotWrittenTwice() {
    FeedDriver feed = new FeedDriver("feed.venue", "binance", "connection.life.ms", "30000");
    String answer = "{\"result\":null,\"id\":1}";
    String trade = VenueModel.of(true).frames(List.of(new Made("A", 7, 0))).get(0);
    feed.open().frame(answer).pong(FeedDriver.START).frame(trade).after(30_000).tick();
    feed.handOver("old").open().frame(answer).change(List.of(), List.of("A")).frame(trade);
    feed.change(List.of("A"), List.of()).frame(trade);

    assertEquals(1, feed.trades().size());
  }
}
