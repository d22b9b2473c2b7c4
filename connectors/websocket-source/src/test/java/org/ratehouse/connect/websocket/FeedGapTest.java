package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ratehouse.connect.websocket.FeedDriver.START;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.CONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.DISCONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/** The padding is the default second at both ends. */
class FeedGapTest {

  /** Of the first subscription. */
  private static final long MINUTE = START - START % 60_000;

  private static Gap onlyGap(FeedDriver feed) {
    assertEquals(1, feed.gaps().size());
    return feed.gaps().get(0).gap();
  }

  @Test
  void theFirstMinuteOfAFeedIsPartialAndThusAGap() {
    FeedDriver feed = new FeedDriver().open().after(5).pong(START).trades("1");

    assertEquals(List.of(CONNECTED, SUBSCRIBED, GAP), feed.kinds());
    Event gap = feed.events(GAP).get(0);
    assertEquals(new Gap(MINUTE, START + 5 + 1_000), gap.gap());
    assertEquals("the first minute is partial", gap.reason());
    assertEquals(List.of("A", "B"), gap.symbols());
  }

  @Test
  void theFirstMinuteStaysAGapUntilAConnectionIsLive() {
    FeedDriver feed = new FeedDriver().open().after(90_000).close("x").open().pong(START + 90_000);

    assertEquals(List.of(), feed.gaps());
    assertEquals(new Gap(MINUTE, START + 91_000), feed.events(GAP).get(0).gap());
  }

  @Test
  void aFeedThatCannotConnectAtItsStartMissesAllSinceThen() {
    FeedDriver feed = new FeedDriver().begin().after(600_000).open().pong(START + 600_000);

    assertEquals(
        List.of(new Gap(MINUTE, START + 601_000)),
        feed.events(GAP).stream().map(Event::gap).toList());
  }

  @Test
  void aFeedThatCannotConnectAtItsStartMissesAllSinceThenAlsoWhenTheClockIsSetBack() {
    FeedDriver feed = new FeedDriver().begin().after(600_000);
    feed.wall -= 3_600_000;
    feed.open().pong(feed.wall);

    assertEquals(MINUTE - 3_600_000, feed.events(GAP).get(0).gap().fromMillis());
  }

  @Test
  void aTaskThatHadNoSymbolsMissesNothingUntilItIsGivenSome() {
    FeedDriver feed = new FeedDriver().begin();
    feed.state.nothingWanted(feed.now());
    feed.after(600_000).open().pong(START + 600_000);

    assertEquals(MINUTE + 600_000, feed.events(GAP).get(0).gap().fromMillis());
  }

  @Test
  void aGapRunsFromTheLastAnsweredPingToTheFirstSignOfTheNewSubscription() {
    FeedDriver feed = new FeedDriver().open().pong(START).after(2_000).pong(START + 1_990);
    feed.after(500)
        .trades("1")
        .after(100)
        .close("gone")
        .after(700)
        .open()
        .after(40)
        .pong(feed.wall);

    Event gap = feed.gaps().get(0);
    assertEquals(new Gap(START + 990, START + 3_340 + 1_000), gap.gap());
    assertEquals(List.of("A", "B"), gap.symbols());
    assertEquals("gone", gap.reason());
    assertEquals(feed.connections().get(1), gap.connectionId());
  }

  @Test
  void aTradeEndsItsSymbolsGapWhenItComesBeforeAnyPong() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("gone").after(700).open();
    feed.after(10).trades("1").after(10).pong(START + 700);

    assertEquals(List.of("A"), feed.gaps().get(0).symbols());
    assertEquals(new Gap(START - 1_000, START + 1_710), feed.gaps().get(0).gap());
    assertEquals(List.of("B"), feed.gaps().get(1).symbols());
    assertEquals(new Gap(START - 1_000, START + 1_720), feed.gaps().get(1).gap());
  }

  @Test
  void beforeAnyPongAConnectionCountsAsLiveOnlySinceItsSubscription() {
    FeedDriver feed = new FeedDriver().open().after(9_000).trades("1").close("gone");
    feed.after(1_000).open().pong(feed.wall);

    assertEquals(new Gap(START - 1_000, START + 11_000), onlyGap(feed));
  }

  @Test
  void aConnectionThatNeverBecameLiveLeavesTheGapAsItWas() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("first");
    feed.after(5_000).open().close("second").after(5_000).open().pong(feed.wall);

    assertEquals(new Gap(START - 1_000, START + 11_000), onlyGap(feed));
    assertEquals("first", feed.gaps().get(0).reason());
  }

  @Test
  void aGapIsReportedOnce() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("x").open().pong(START);
    feed.trades("1").pong(START + 1);

    onlyGap(feed);
  }

  @Test
  void aGapIsNeverEmptyAlsoWhenTheClockJumpsBack() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("x");
    feed.wall -= 3_600_000;
    feed.open().pong(feed.wall);

    Gap gap = onlyGap(feed);
    assertTrue(gap.fromMillis() < gap.toMillis());
  }

  @Test
  void aRestartClosesTheDeadConnectionWithItsCommittedCountsAndReportsTheGap() {
    FeedDriver before = new FeedDriver().open().pong(START).trades("1", "-1").frame("?");
    FeedOffset committed = before.state.offset();
    before.trades("2"); // Taken in, but never committed.

    FeedDriver after = FeedDriver.resumed(committed, START + 60_000);
    Event end = after.events().get(0);
    assertEquals(DISCONNECTED, end.kind());
    assertEquals(before.connections().get(0), end.connectionId());
    assertEquals(new Counts(2, 1, 1, 1), end.counts());
    assertTrue(end.closed());
    assertEquals("task restarted", end.reason());

    after.open().after(20).pong(START + 60_001);
    assertEquals(List.of(DISCONNECTED, CONNECTED, SUBSCRIBED, GAP), after.kinds());
    assertEquals(new Gap(START - 1_000, START + 61_020), onlyGap(after));
  }

  @Test
  void aConnectionThatWasClosedAlreadyIsNotClosedAgain() {
    FeedOffset closed = new FeedDriver().open().pong(START).close("x").state.offset();
    FeedDriver after = FeedDriver.resumed(closed, START + 5_000).open().pong(START + 5_000);

    assertEquals(List.of(CONNECTED, SUBSCRIBED, GAP), after.kinds());
    assertEquals(new Gap(START - 1_000, START + 6_000), onlyGap(after));
  }

  @Test
  void aGapThatWasReportedBeforeARestartIsNotReportedAgain() {
    FeedDriver before = new FeedDriver().open().pong(START).close("x").after(1_000).open();
    before.pong(START + 1_000).after(4_000).pong(START + 5_000);
    FeedDriver after = FeedDriver.resumed(before.state.offset(), START + 9_000).open();
    after.pong(START + 9_000);

    assertEquals(new Gap(START + 4_000, START + 10_000), onlyGap(after));
  }

  @Test
  void aPendingGapOutlivesARestartOfAConnectionThatWasNotLive() {
    FeedDriver before = new FeedDriver().open().pong(START).close("x").after(3_000).open();
    FeedOffset offset = before.state.offset();
    assertNull(offset.liveAsOf());
    assertEquals(Map.of("A", START - 1_000, "B", START - 1_000), offset.openGaps());

    FeedDriver after = FeedDriver.resumed(offset, START + 9_000).open().pong(START + 9_000);
    assertEquals(new Gap(START - 1_000, START + 10_000), onlyGap(after));
  }

  @Test
  void aFeedThatWasNeverLiveBeforeARestartMissesAllSinceItsFirstMinute() {
    FeedOffset offset = new FeedDriver().open().state.offset();
    FeedDriver after = FeedDriver.resumed(offset, START + 9_000).open().pong(START + 9_000);

    assertEquals(List.of(DISCONNECTED, CONNECTED, SUBSCRIBED, GAP), after.kinds());
    assertEquals(new Gap(MINUTE, START + 10_000), onlyGap(after));
  }

  @Test
  void theOffsetOfAnOlderVersionIsTakenUp() {
    Map<String, Object> old = new HashMap<>(new FeedDriver().open().state.offset().toMap());
    old.keySet().removeAll(List.of("symbols", "open_gaps"));
    old.put("gap_from", START);
    FeedDriver after = FeedDriver.resumed(FeedOffset.fromMap(old), START + 9_000).open();
    after.pong(START + 9_000);

    assertEquals(new Gap(START - 1_000, START + 10_000), onlyGap(after));
  }

  @Test
  void aClockThatIsSetBackMeanwhileDoesNotShortenAGap() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("x").after(30_000);
    feed.wall -= 3_600_000;
    feed.open().pong(feed.wall);

    assertEquals(new Gap(feed.wall - 31_000, feed.wall + 1_000), onlyGap(feed));
  }

  @Test
  void aClockThatIsSetForwardMeanwhileDoesNotShortenAGapEither() {
    FeedDriver feed = new FeedDriver().open().pong(START).close("x").after(30_000);
    feed.wall += 3_600_000;
    feed.open().pong(feed.wall);

    assertEquals(new Gap(START - 1_000, feed.wall + 1_000), onlyGap(feed));
  }

  @Test
  void anIdentityIsGivenOnceAlsoOverARestartWithTheClockSetBack() {
    FeedDriver before = new FeedDriver().open();
    FeedDriver after = FeedDriver.resumed(before.state.offset(), START - 86_400_000).open();

    assertEquals(START * 1000 + 1000, after.connections().get(0));
  }
}
