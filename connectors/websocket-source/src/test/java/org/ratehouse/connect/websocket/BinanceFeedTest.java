package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.ratehouse.connect.websocket.FeedDriver.START;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.CONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.DISCONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.REFUSED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.Gap;
import org.ratehouse.connect.websocket.FeedOutput.Trade;

/** A venue that acknowledges, numbers its trades and wants to be handed over. */
class BinanceFeedTest {

  private static final String[] BINANCE = {"feed.venue", "binance", "feed.symbols", "A,B"};
  private static final String TAKEN = "{\"result\":null,\"id\":1}";
  private static final String SHUTDOWN = "{\"e\":\"serverShutdown\",\"E\":1}";

  private static FeedDriver feed() {
    return new FeedDriver(BINANCE);
  }

  private static String trade(String symbol, long id) {
    return "{\"data\":{\"e\":\"trade\",\"s\":\"%s\",\"t\":%d,\"p\":\"1\",\"q\":\"1\",\"T\":1}}"
        .formatted(symbol, id);
  }

  private static List<String> ids(FeedDriver feed) {
    return feed.trades().stream().map(Trade::venueTradeId).toList();
  }

  @Test
  void onlyTheAcknowledgementMakesASubscriptionLive() {
    FeedDriver feed = feed().open().after(10).pong(START + 5).frame(trade("A", 1));
    assertEquals(List.of(CONNECTED), feed.kinds());
    assertNull(feed.state.offset().liveAsOf());

    feed.after(10).frame(TAKEN);
    assertEquals(List.of(CONNECTED, SUBSCRIBED, GAP), feed.kinds());
    assertEquals(START + 20 + 1_000, feed.events(GAP).get(0).gap().toMillis());
    assertEquals(START, feed.state.offset().liveAsOf());
    assertEquals(List.of("1"), ids(feed));
  }

  @Test
  void aRefusedSubscriptionIsToldWithItsSymbolsAndIsNotLive() {
    FeedDriver feed = feed().open().frame("{\"code\":2,\"msg\":\"no\"}").pong(START + 5);

    Event refused = feed.events(REFUSED).get(0);
    assertEquals(List.of("A", "B"), refused.symbols());
    assertEquals("no", refused.reason());
    assertEquals(List.of(), feed.events(SUBSCRIBED));
  }

  @Test
  void aRefusedMessageOfSeveralIsToldWithItsSymbolsAndTheOthersAreLive() {
    String[] symbols = IntStream.range(0, 600).mapToObj(i -> "S" + i).toArray(String[]::new);
    for (boolean refusalFirst : new boolean[] {true, false}) {
      FeedDriver feed = feed().open(symbols);
      String taken = "{\"result\":null,\"id\":3}";
      String refused = "{\"error\":{\"code\":2,\"msg\":\"no\"},\"id\":1}";
      feed.frame(refusalFirst ? refused : taken).frame(refusalFirst ? taken : refused);
      feed.after(3_000).pong(START + 2_000);

      assertEquals(List.of(symbols).subList(0, 512), feed.events(REFUSED).get(0).symbols());
      assertEquals(List.of(symbols).subList(512, 600), feed.events(SUBSCRIBED).get(0).symbols());
      assertEquals(START + 2_000, feed.state.offset().liveAsOf());
      assertEquals(512, feed.state.offset().openGaps().size());
    }
  }

  @Test
  void aRefusalToEndASubscriptionIsNoneOfTheSubscriptionBeingMade() {
    FeedDriver feed = feed().open().frame("{\"error\":{\"code\":2,\"msg\":\"no\"},\"id\":2}");
    assertEquals(List.of(), feed.events(REFUSED).get(0).symbols());

    feed.frame(TAKEN);
    assertEquals(List.of("A", "B"), feed.events(SUBSCRIBED).get(0).symbols());
  }

  @Test
  void anIdThatJumpsIsAGapWithTheIdsThatAreMissing() {
    FeedDriver feed = feed().open().frame(TAKEN).after(5_000).frame(trade("A", 10));
    feed.after(5_000).frame(trade("B", 500)).frame(trade("A", 14)).frame(trade("A", 15));

    Event gap = feed.gaps().get(0);
    assertEquals(1, feed.gaps().size());
    assertEquals(List.of("A"), gap.symbols());
    assertEquals(new Gap(START + 4_000, START + 11_000, "11", "13"), gap.gap());
    assertEquals(List.of("10", "500", "14", "15"), ids(feed));
  }

  @Test
  void anIdThatDoesNotGrowIsStillATradeAndMakesNoJumpLater() {
    FeedDriver feed = feed().open().frame(TAKEN);
    for (long id : new long[] {10, 11, 11, 9, 12}) {
      feed.frame(trade("A", id));
    }

    assertEquals(List.of("10", "11", "11", "9", "12"), ids(feed));
    assertEquals(List.of(), feed.gaps());
  }

  @Test
  void aRefusedTradeStillHasItsIdSoThatItIsNotTakenForLost() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 1));
    feed.frame(trade("A", 2).replace("\"p\":\"1\"", "\"p\":\"-1\"")).frame(trade("A", 3));

    assertEquals(1, feed.refused().size());
    assertEquals(List.of(), feed.gaps());
  }

  @Test
  void overAReconnectTheIdsTellWhatIsMissing() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 10)).pong(START).close("gone");
    feed.after(5_000).open().frame(TAKEN).after(1_000).frame(trade("A", 12));

    assertEquals(2, feed.gaps().size());
    assertEquals("gone", feed.gaps().get(0).reason());
    assertEquals(new Gap(START - 1_000, START + 7_000, "11", "11"), feed.gaps().get(1).gap());
  }

  @Test
  void overARestartTheIdsTellWhatIsMissing() {
    FeedDriver before = feed().open().frame(TAKEN).frame(trade("A", 10)).pong(START);
    FeedDriver after = FeedDriver.resumed(before.state.offset(), START + 60_000, BINANCE);
    after.open().frame(TAKEN).frame(trade("A", 20)).frame(trade("B", 7));

    assertEquals("task restarted", after.gaps().get(0).reason());
    assertEquals(new Gap(START - 1_000, START + 61_000, "11", "19"), after.gaps().get(1).gap());
    assertEquals(2, after.gaps().size());
  }

  @Test
  void aSymbolThatIsSubscribedToAnewBeginsAnew() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 10));
    feed.after(1_000).change(List.of(), List.of("A")).after(600_000);
    feed.change(List.of("A"), List.of()).frame(TAKEN).frame(trade("A", 999));

    assertEquals(List.of(), feed.gaps());
  }

  @Test
  void aHandOverIsAskedForWhenTheConnectionIsOldAndAgainWhileItLives() {
    FeedDriver feed =
        new FeedDriver("feed.venue", "binance", "connection.life.ms", "60000", "watchdog.ms", "0");
    feed.open().frame(TAKEN).after(59_999).tick();
    assertEquals(List.of(), feed.state.takeRequests());

    feed.after(1).tick().tick();
    List<FeedRequest> asked = List.of(new FeedRequest.HandOver("the connection is 60000 ms old"));
    assertEquals(asked, feed.state.takeRequests());
    feed.frame(trade("A", 1)).after(30_000).tick();
    assertEquals(asked, feed.state.takeRequests());
  }

  @Test
  void aHandOverIsAskedForAtOnceWhenTheServerWillShutDown() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(SHUTDOWN).tick();

    assertEquals(
        List.of(new FeedRequest.HandOver("the server is about to shut down")),
        feed.state.takeRequests());
    assertEquals(1, feed.state.takeComplaints().size());
  }

  @Test
  void aHandOverTakesEachIdOnceAndLeavesNoGap() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(SHUTDOWN).tick();
    feed.frame(trade("A", 1)).frame(trade("A", 2)).frame(trade("B", 70)).pong(START);
    feed.after(1_000).handOver("handed over");
    // What the second connection had brought meanwhile, and what it brings then.
    feed.open().frame(TAKEN).frame(trade("A", 2)).frame(trade("A", 3)).frame(trade("B", 70));
    feed.pong(feed.wall).frame(trade("B", 71)).frame(trade("A", 4));

    assertEquals(List.of("1", "2", "70", "3", "71", "4"), ids(feed));
    assertEquals(List.of(1L, 2L, 3L, 1L, 2L, 3L), sequences(feed));
    assertEquals(List.of(), feed.gaps());
    assertEquals(new Counts(6, 3, 0, 0), feed.state.offset().counts());
    assertEquals(
        List.of(CONNECTED, SUBSCRIBED, GAP, DISCONNECTED, CONNECTED, SUBSCRIBED), feed.kinds());
  }

  @Test
  void anIdFarTooHighBeforeAHandOverHidesNoTradeOfTheNextConnection() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 1)).frame(SHUTDOWN).tick();
    feed.frame(trade("A", 999_999_999)).frame(trade("A", 2)).frame(trade("A", 3));
    feed.handOver("handed over").open().frame(TAKEN);
    feed.frame(trade("A", 2)).frame(trade("A", 3)).frame(trade("A", 4)).frame(trade("A", 5));

    assertEquals(List.of("1", "999999999", "2", "3", "4", "5"), ids(feed));
  }

  @Test
  void aTradeThatOnlyTheNextConnectionBroughtIsTakenIn() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(SHUTDOWN).tick();
    feed.frame(trade("A", 1)).frame(trade("A", 3)).frame(trade("A", 4)).handOver("handed over");
    feed.open().frame(TAKEN);
    for (long id = 1; id <= 5; id++) {
      feed.frame(trade("A", id));
    }

    assertEquals(List.of("1", "3", "4", "2", "5"), ids(feed));
  }

  @Test
  void aServerThatLagsRepeatsNothingFromBeforeTheHandOver() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 1)).frame(trade("A", 2));
    feed.frame(SHUTDOWN).tick().handOver("handed over").open().frame(TAKEN);
    feed.frame(trade("A", 1)).frame(trade("A", 2)).frame(trade("A", 3));

    assertEquals(List.of("1", "2", "3"), ids(feed));
  }

  private static List<Long> sequences(FeedDriver feed) {
    return feed.trades().stream().map(Trade::sequence).toList();
  }

  @Test
  void whatNeitherConnectionBroughtIsAGapByItsIds() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 1)).pong(START);
    feed.handOver("handed over").open().frame(TAKEN).frame(trade("A", 5));

    assertEquals("2", feed.gaps().get(0).gap().firstMissingId());
    assertEquals("4", feed.gaps().get(0).gap().lastMissingId());
  }

  @Test
  void onceItWentOnAnIdThatDoesNotGrowIsATradeAgain() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(trade("A", 1)).handOver("handed over");
    feed.open().frame(TAKEN).frame(trade("A", 1)).frame(trade("A", 2)).frame(trade("A", 1));

    assertEquals(List.of("1", "2", "1"), ids(feed));
  }

  @Test
  void whenTheFirstDiesInMidHandOverTheSecondsRepetitionsAreStillKnown() {
    FeedDriver feed = feed().open().frame(TAKEN).frame(SHUTDOWN).tick().frame(trade("A", 1));
    long besides = feed.wall;
    feed.after(500).frame(trade("A", 2)).close("gone");
    feed.signal(new FeedSignal.Opened(besides, List.of("A", "B"))).frame(TAKEN);
    feed.frame(trade("A", 1)).frame(trade("A", 2)).frame(trade("A", 3));

    assertEquals(List.of("1", "2", "3"), ids(feed));
    assertEquals("gone", feed.gaps().get(0).reason());
  }

  @Test
  void aKillInMidHandOverIsAGapForNobodyKnowsWhatCame() {
    FeedDriver before = feed().open().frame(TAKEN).pong(START).handOver("handed over");
    for (FeedDriver killed : List.of(before, before.open())) {
      FeedDriver after = FeedDriver.resumed(killed.state.offset(), START + 9_000, BINANCE);
      after.open().frame(TAKEN);
      assertEquals(new Gap(START - 1_000, START + 10_000), after.gaps().get(0).gap());
    }
  }

  @Test
  void aSecondConnectionThatDiesBeforeItIsLiveLeavesAGap() {
    FeedDriver feed = feed().open().frame(TAKEN).pong(START).handOver("handed over");
    feed.open().close("broken").after(2_000).open().frame(TAKEN);

    assertEquals(new Gap(START - 1_000, START + 3_000), feed.gaps().get(0).gap());
    assertEquals("broken", feed.gaps().get(0).reason());
  }
}
