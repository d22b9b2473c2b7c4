package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.ratehouse.connect.websocket.FeedDriver.START;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.STALLED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.UNSUBSCRIBED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/** Symbols that come, go and fall silent, at a venue that acknowledges nothing. */
class FeedSymbolsTest {

  private static final long MINUTE = START - START % 60_000;

  private static FeedDriver live(String... options) {
    return new FeedDriver(options).open().pong(START);
  }

  private static Event last(FeedDriver feed, FeedOutput.EventKind kind) {
    List<Event> events = feed.events(kind);
    return events.get(events.size() - 1);
  }

  @Test
  void anAddedSymbolIsLiveWithTheFirstPongToALaterPingAndItsFirstMinuteIsAGap() {
    FeedDriver feed = live().after(100_000).change(List.of("C"), List.of());
    feed.after(50).pong(START + 99_990);
    assertEquals(1, feed.events(SUBSCRIBED).size());

    feed.after(50).pong(START + 100_060);
    assertEquals(List.of("C"), last(feed, SUBSCRIBED).symbols());
    assertEquals(List.of("C"), last(feed, GAP).symbols());
    assertEquals(new Gap(MINUTE + 120_000, START + 101_100), last(feed, GAP).gap());
  }

  @Test
  void anAddedSymbolsGapEndsWithItsFirstTradeWhenThatComesBeforeAnyPong() {
    FeedDriver feed = live().after(100_000).change(List.of("C"), List.of());
    feed.after(10).tradesOf("C", "1").after(10).pong(feed.wall);

    assertEquals(START + 100_010 + 1_000, last(feed, GAP).gap().toMillis());
    assertEquals(2, feed.events(GAP).size());
  }

  @Test
  void anAddedSymbolIsLiveAlsoAfterTheClockWasSetBack() {
    FeedDriver feed = live().after(100_000).change(List.of("C"), List.of());
    feed.wall -= 3_600_000;
    feed.pong(feed.wall);

    assertEquals(List.of("C"), last(feed, SUBSCRIBED).symbols());
  }

  @Test
  void aRemovedSymbolIsToldAndIsNoPartOfALaterGap() {
    FeedDriver feed = live().change(List.of(), List.of("A")).after(10).pong(START + 5);
    feed.close("x").open("B").pong(feed.wall);

    assertEquals(List.of("A"), last(feed, UNSUBSCRIBED).symbols());
    assertEquals(1, feed.gaps().size());
    assertEquals(List.of("B"), last(feed, GAP).symbols());
  }

  @Test
  void tradesOnTheirWayWhenTheirSymbolIsRemovedAndTheConnectionDiesLieInAGap() {
    FeedDriver feed = live().after(3_000).change(List.of(), List.of("A")).after(40);
    feed.pong(START + 2_990).close("x");

    assertEquals(List.of("A"), feed.gaps().get(0).symbols());
    assertEquals(new Gap(START + 1_990, START + 4_040), feed.gaps().get(0).gap());
    assertEquals("x", feed.gaps().get(0).reason());
    feed.open("B").pong(feed.wall);
    assertEquals(List.of("B"), feed.gaps().get(1).symbols());
    assertEquals(2, feed.gaps().size());
  }

  @Test
  void tradesOnTheirWayWhenTheirSymbolIsRemovedAndTheWorkerDiesLieInAGap() {
    FeedDriver feed = live().after(3_000).change(List.of(), List.of("A"));
    FeedDriver after = FeedDriver.resumed(feed.state.offset(), START + 9_000).open("B");
    assertEquals(List.of("A"), after.gaps().get(0).symbols());
    assertEquals(new Gap(START - 1_000, START + 10_000), after.gaps().get(0).gap());
    assertEquals(List.of(), after.events(UNSUBSCRIBED));

    feed.after(10).pong(START + 3_005);
    FeedDriver later = FeedDriver.resumed(feed.state.offset(), START + 9_000).open("B");
    assertEquals(List.of(), later.gaps());
  }

  @Test
  void aTradeFromBeforeItsSymbolWasRemovedDoesNotShowItsNewSubscriptionToBeLive() {
    FeedDriver feed = live().change(List.of(), List.of("A")).after(1);
    feed.change(List.of("A"), List.of()).after(10).tradesOf("A", "1");
    assertEquals(1, feed.events(GAP).size());

    feed.after(200).pong(START + 100);
    assertEquals(new Gap(MINUTE, START + 1_211), last(feed, GAP).gap());
    assertEquals(1, feed.trades().size());
  }

  @Test
  void symbolsThatChangeWhileThereIsNoConnectionAreAccountedForWhenThereIsOne() {
    FeedDriver feed = live().close("x").after(90_000).open("B", "C").after(10).pong(START + 90_000);

    Event ofRemoved = feed.gaps().get(0);
    assertEquals(List.of("A"), ofRemoved.symbols());
    assertEquals(new Gap(START - 1_000, START + 91_000), ofRemoved.gap());
    assertEquals(List.of("A"), last(feed, UNSUBSCRIBED).symbols());
    assertEquals(List.of("B"), feed.gaps().get(1).symbols());
    Event ofAdded = last(feed, GAP);
    assertEquals(List.of("C"), ofAdded.symbols());
    assertEquals(MINUTE + 60_000, ofAdded.gap().fromMillis());
  }

  @Test
  void aSymbolThatIsAddedWhileThereIsNoConnectionIsMissingSinceItWasWanted() {
    FeedDriver feed = live().close("x").after(600_000);
    Map<String, Long> since = Map.of("A", START, "B", START, "C", START + 90_000, "D", feed.wall);
    Wanted wanted = new Wanted(List.of("A", "B", "C", "D"), since);
    feed.signal(new FeedSignal.Opened(feed.wall, wanted, false)).after(10).pong(feed.wall);

    Map<List<String>, Gap> told =
        feed.events(GAP).stream().skip(1).collect(Collectors.toMap(Event::symbols, Event::gap));
    assertEquals(
        Map.of(
            List.of("A", "B"), new Gap(START - 1_000, feed.wall + 1_000),
            List.of("C"), new Gap(MINUTE + 60_000, feed.wall + 1_000),
            List.of("D"), new Gap(MINUTE + 600_000, feed.wall + 1_000)),
        told);
  }

  @Test
  void aSymbolThatAConnectionIsAskedForLateIsMissingSinceItWasWanted() {
    FeedDriver feed = live().after(600_000);
    Wanted wanted = Wanted.at(List.of("C"), START + 90_000);
    feed.signal(new FeedSignal.SymbolsChanged(wanted, List.of(), feed.wall));
    feed.after(10).tradesOf("C", "1");

    assertEquals(new Gap(MINUTE + 60_000, feed.wall + 1_000), last(feed, GAP).gap());
  }

  @Test
  void symbolsThatChangeOverARestartAreAccountedForToo() {
    FeedOffset offset = live().state.offset();
    FeedDriver after = FeedDriver.resumed(offset, START + 60_000).open("B", "C");
    after.pong(after.wall);

    assertEquals(List.of("A"), after.gaps().get(0).symbols());
    assertEquals(List.of("B"), after.gaps().get(1).symbols());
    assertEquals("task restarted", after.gaps().get(1).reason());
    assertEquals(List.of("C"), last(after, GAP).symbols());
  }

  @Test
  void aFeedThatBeganWithoutSymbolsMissesNothingOfThoseThatCameLater() {
    FeedDriver feed = new FeedDriver().open(new String[0]).pong(START);
    feed.change(List.of("A"), List.of()).after(10).pong(START + 5).close("x").after(5_000);
    feed.open("A").pong(feed.wall);

    assertEquals(new Gap(START + 5 - 1_000, START + 5_010 + 1_000), feed.gaps().get(0).gap());
  }

  @Test
  void anAddedSymbolThatATradeShowedLiesInTheGapOfAConnectionThatSawNoPong() {
    FeedDriver feed = new FeedDriver().open("B").after(10).change(List.of("A"), List.of());
    feed.after(10).tradesOf("A", "1").after(3_000).close("x");
    feed.open("A", "B").pong(feed.wall);

    assertEquals(List.of("A"), feed.gaps().get(0).symbols());
    assertEquals(new Gap(START - 1_000, START + 4_020), feed.gaps().get(0).gap());
  }

  @Test
  void aSymbolThatFallsSilentIsSubscribedToOnceMoreAndItsSilenceIsAGap() {
    FeedDriver feed = live("watchdog.symbol.ms", "5000").tradesOf("A", "1").tradesOf("B", "1");
    feed.after(4_000).tradesOf("B", "2").after(999).tick();
    assertEquals(List.of(), feed.state.takeRequests());

    feed.after(1).tick().tick();
    assertEquals(List.of(new FeedRequest.Resubscribe(List.of("A"))), feed.state.takeRequests());
    assertEquals(List.of("A"), feed.events(STALLED).get(0).symbols());
    assertEquals("no trade of A for 5000 ms", feed.events(STALLED).get(0).reason());
    assertEquals(1, feed.events(STALLED).size());
    assertEquals(List.of(), feed.gaps());

    feed.resubscribe("A").after(10).pong(START + 4_990).pong(START + 5_005);
    assertEquals(new Gap(START - 1_000, START + 6_010), feed.gaps().get(0).gap());
    assertEquals(List.of("A"), feed.gaps().get(0).symbols());
    assertEquals("no trade of A for 5000 ms", feed.gaps().get(0).reason());
    assertEquals(List.of("A"), last(feed, SUBSCRIBED).symbols());
  }

  @Test
  void aSymbolThatStaysSilentIsAskedForEverMoreRarelyAndAllItsSilenceIsCovered() {
    FeedDriver feed = live("watchdog.ms", "0", "watchdog.symbol.ms", "1000").tradesOf("A", "1");
    List<Long> stalls = new ArrayList<>();
    for (int second = 1; second <= 80; second++) {
      feed.after(1_000).tick();
      if (!feed.state.takeRequests().isEmpty()) {
        stalls.add((feed.wall - START) / 1_000);
        feed.resubscribe("A").pong(feed.wall + 1);
      }
    }

    assertEquals(List.of(1L, 3L, 7L, 15L, 31L, 47L, 63L, 79L), stalls);
    long covered = START;
    for (Event gap : feed.gaps()) {
      assertEquals(covered - 1_000, gap.gap().fromMillis());
      covered = gap.gap().toMillis() - 1_000;
    }
    assertEquals(START + 79_000, covered);
  }

  @Test
  void aSymbolThatTradesAgainIsWatchedAsAtFirst() {
    FeedDriver feed = live("watchdog.ms", "0", "watchdog.symbol.ms", "1000").tradesOf("A", "1");
    feed.after(1_000).tick().resubscribe("A").pong(feed.wall + 1).tradesOf("A", "2");
    feed.state.takeRequests();
    feed.after(1_000).tick();

    assertEquals(1, feed.state.takeRequests().size());
  }

  @Test
  void aSymbolThatNeverTradedOnTheConnectionIsNotWatched() {
    FeedDriver feed = live("watchdog.ms", "0", "watchdog.symbol.ms", "1000").tradesOf("A", "1");
    feed.close("x").open().pong(feed.wall).after(3_600_000).tick();

    assertEquals(List.of(), feed.state.takeRequests());
  }

  @Test
  void aSilenceThatTheConnectionsEndCutsShortIsPartOfTheGap() {
    FeedDriver feed = live("watchdog.symbol.ms", "5000").tradesOf("A", "1").tradesOf("B", "1");
    feed.after(4_000).tradesOf("B", "2").pong(START + 4_000).after(1_000).tick();
    FeedOffset killed = feed.state.offset();
    feed.close("x").after(1_000).open().pong(feed.wall);

    assertEquals(new Gap(START - 1_000, START + 7_000), feed.gaps().get(0).gap());
    assertEquals(List.of("A"), feed.gaps().get(0).symbols());
    assertEquals(new Gap(START + 3_000, START + 7_000), feed.gaps().get(1).gap());

    FeedDriver after = FeedDriver.resumed(killed, START + 60_000).open().pong(START + 60_000);
    assertEquals(new Gap(START - 1_000, START + 61_000), after.gaps().get(0).gap());
    assertEquals(List.of("A"), after.gaps().get(0).symbols());
  }

  @Test
  void whatTheVenueSendsUnaskedIsATradeAndIsNotWatched() {
    FeedDriver feed = live("watchdog.ms", "0", "watchdog.symbol.ms", "1000");
    feed.tradesOf("UNASKED", "1").after(10_000).tick();

    assertEquals(1, feed.trades().size());
    assertEquals(List.of(), feed.state.takeRequests());
  }

  @Test
  void aConnectionThatNoSymbolIsLeftOnIsNotStalled() {
    FeedDriver feed = live().change(List.of(), List.of("A", "B")).after(3_600_000).tick();
    assertEquals(List.of(), feed.state.takeRequests());

    feed.change(List.of("A"), List.of()).after(59_999).tick();
    assertEquals(List.of(), feed.state.takeRequests());
    feed.after(1).tick();
    assertEquals(1, feed.state.takeRequests().size());
  }

  @Test
  void whatTheVenueSendsUnaskedDoesNotShowTheConnectionToBeLive() {
    FeedDriver feed = new FeedDriver().open().after(10).tradesOf("UNASKED", "1");
    assertEquals(List.of(), feed.events(SUBSCRIBED));
    assertNull(feed.state.offset().liveAsOf());
    assertEquals(1, feed.trades().size());

    feed.after(59_990).tradesOf("UNASKED", "2").tick();
    assertEquals(
        List.of(new FeedRequest.Abort("stalled: no trade for 60000 ms")),
        feed.state.takeRequests());
  }

  @Test
  void aTradeShowsItsOwnSymbolToBeLiveAndNotThoseWhoseSubscriptionMayBeOnItsWay() {
    FeedDriver feed = new FeedDriver().open().after(10).tradesOf("A", "1");
    assertEquals(List.of("A"), last(feed, SUBSCRIBED).symbols());
    assertEquals(List.of("A"), last(feed, GAP).symbols());

    feed.after(5_000).pong(START + 5);
    assertEquals(List.of("B"), last(feed, SUBSCRIBED).symbols());
    assertEquals(new Gap(MINUTE, START + 6_010), last(feed, GAP).gap());
  }
}
