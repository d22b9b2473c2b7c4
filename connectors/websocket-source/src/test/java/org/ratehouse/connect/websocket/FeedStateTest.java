package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ratehouse.connect.websocket.FeedDriver.START;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.CONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.COUNTS;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.DISCONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.REFUSED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.STALLED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.Place;
import org.ratehouse.connect.websocket.FeedOutput.Refused;
import org.ratehouse.connect.websocket.FeedOutput.Trade;

class FeedStateTest {

  @Test
  void everyTradeIsNumberedInItsConnectionAndKnowsItsFrameAndPlace() {
    FeedDriver feed =
        new FeedDriver().open().trades("1", "2").frame("{\"type\":\"ping\"}").trades("3");

    long id = feed.connections().get(0);
    assertEquals(List.of(1L, 2L, 3L), feed.trades().stream().map(Trade::sequence).toList());
    assertEquals(List.of(0, 1, 0), feed.trades().stream().map(Trade::position).toList());
    assertEquals(
        List.of(new Place(id, 1), new Place(id, 1), new Place(id, 3)),
        feed.trades().stream().map(Trade::place).toList());
  }

  @Test
  void aRefusedTradeTakesItsSequenceSoThatNoneIsMissing() {
    FeedDriver feed = new FeedDriver().open().trades("1", "-2", "3");

    assertEquals(List.of(1L, 3L), feed.trades().stream().map(Trade::sequence).toList());
    Refused refused = feed.refused().get(0);
    assertEquals(2, refused.sequence());
    assertEquals(1, refused.position());
    assertEquals(RefusalReason.BAD_PRICE, refused.reason());
    assertEquals(new Counts(1, 2, 1, 0), feed.state.offset().counts());
    assertEquals(3, feed.state.offset().counts().lastSequence());
  }

  @Test
  void aFrameThatCannotBeReadIsKeptWholeAndTheStreamGoesOn() {
    FeedDriver feed = new FeedDriver().open().frame("<html>").trades("1");

    Refused refused = feed.refused().get(0);
    assertEquals(RefusalReason.BAD_FRAME, refused.reason());
    assertEquals("<html>", refused.payload());
    assertNull(refused.sequence());
    assertNull(refused.position());
    assertEquals(1, refused.place().frame());
    assertEquals(1, feed.trades().get(0).sequence());
    assertEquals(new Counts(2, 1, 0, 1), feed.state.offset().counts());
  }

  @Test
  void theTokenIsTakenOutOfWhatIsRefused() {
    FeedDriver feed = new FeedDriver().open();
    feed.frame("bad " + TestOptions.TOKEN + " frame s3cret%2Ft0ken");
    feed.frame("{\"type\":\"" + TestOptions.TOKEN + "\"}");
    feed.trades("\"" + TestOptions.TOKEN + "\"");

    assertEquals(3, feed.refused().size());
    assertFalse(feed.refused().toString().contains(TestOptions.TOKEN));
    assertEquals("bad *** frame ***", feed.refused().get(0).payload());
  }

  @Test
  void noPartOfTheTokenIsLeftWhereWhatWasFoundIsQuotedCutShort() {
    String cutWithin = "x".repeat(58) + TestOptions.TOKEN;
    FeedDriver feed = new FeedDriver().open().trades("\"" + cutWithin + "\"");
    feed.frame("{\"type\":" + "y".repeat(250) + TestOptions.TOKEN + "}");

    assertEquals(2, feed.refused().size());
    assertFalse(feed.refused().toString().contains(TestOptions.TOKEN.substring(0, 4)));
  }

  @Test
  void aTradeOfTheTokenIsNotWrittenAsOne() {
    FeedDriver feed = new FeedDriver().open().tradesOf("A:" + TestOptions.TOKEN, "1");
    String conditions = "\"c\":[\"" + TestOptions.TOKEN + "\"]";
    feed.frame(
        "{\"type\":\"trade\",\"data\":[{\"s\":\"A\",\"p\":1,\"t\":1,\"v\":1," + conditions + "}]}");

    assertEquals(List.of(), feed.trades());
    assertEquals(2, feed.refused().size());
    assertFalse(feed.history.toString().contains(TestOptions.TOKEN));
  }

  @Test
  void aSymbolThatWasNotSubscribedIsStillATrade() {
    FeedDriver feed = new FeedDriver("feed.symbols", "OTHER").open().trades("1");

    assertEquals("A", feed.trades().get(0).symbol());
  }

  @Test
  void anIdentityIsGivenOnceAlsoWhenTheClockJumpsBack() {
    FeedDriver feed = new FeedDriver().open().close("x");
    feed.wall -= 3_600_000;
    feed.open().close("x").open();

    assertEquals(
        List.of(START * 1000, START * 1000 + 1000, START * 1000 + 2000), feed.connections());
  }

  @Test
  void sequencesBeginAnewWithEachConnection() {
    FeedDriver feed =
        new FeedDriver().open().trades("1", "2").close("x").after(1).open().trades("3");

    Trade last = feed.trades().get(2);
    assertEquals(1, last.sequence());
    assertEquals(new Place((START + 1) * 1000, 1), last.place());
  }

  @Test
  void aConnectionIsToldOfInOrderAndEndsWithItsFinalCounts() {
    FeedDriver feed = new FeedDriver().open().after(5).trades("1", "-1").after(5).close("gone");

    assertEquals(List.of(CONNECTED, SUBSCRIBED, GAP, DISCONNECTED), feed.kinds());
    Event subscribed = feed.events(SUBSCRIBED).get(0);
    assertEquals(List.of("A"), subscribed.symbols());
    assertEquals(START + 5, subscribed.occurredAt());
    Event end = feed.events(DISCONNECTED).get(0);
    assertEquals("gone", end.reason());
    assertEquals(START + 10, end.occurredAt());
    assertTrue(end.closed());
    assertEquals(new Counts(1, 1, 1, 0), end.counts());
    assertTrue(feed.state.offset().closed());
  }

  @Test
  void countsAreWrittenAtTheirIntervalAlsoWhenNothingFlows() {
    FeedDriver feed = new FeedDriver("counts.interval.ms", "10000", "watchdog.ms", "0").open();
    feed.after(9_999).tick();
    assertEquals(0, feed.events(COUNTS).size());
    feed.after(1).tick().after(5_000).tick().after(5_000).tick();
    assertEquals(2, feed.events(COUNTS).size());
    assertFalse(feed.events(COUNTS).get(0).closed());
  }

  @Test
  void aClockThatJumpsWritesNoCountsAndStallsNothing() {
    FeedDriver feed = new FeedDriver().open();
    feed.wall += 86_400_000;
    feed.tick();

    assertEquals(List.of(CONNECTED), feed.kinds());
  }

  @Test
  void nothingIsWrittenByTheClockWhileThereIsNoConnection() {
    FeedDriver feed = new FeedDriver().open().close("x").after(3_600_000).tick();

    assertEquals(List.of(CONNECTED, DISCONNECTED), feed.kinds());
  }

  @Test
  void aFeedWithoutTradesStallsOnceWhateverPingsSay() {
    FeedDriver feed = new FeedDriver("watchdog.ms", "60000").open().trades("1");
    feed.after(30_000).frame("{\"type\":\"ping\"}").pong(START).after(29_999).tick();
    assertEquals(List.of(), feed.state.takeRequests());

    feed.after(1).tick().tick();
    FeedRequest abort = new FeedRequest.Abort("stalled: no trade for 60000 ms");
    assertEquals(List.of(abort), feed.state.takeRequests());
    Event stalled = feed.events(STALLED).get(0);
    assertEquals(1, feed.events(STALLED).size());
    assertEquals("no trade for 60000 ms", stalled.reason());
    assertEquals(List.of(), stalled.symbols());
    assertFalse(stalled.closed());

    feed.close("stalled").open().tick();
    assertEquals(List.of(), feed.state.takeRequests());
  }

  @Test
  void aConnectionOnWhichNothingComesAnyMoreIsMadeAnewThoughNoTradeIsWaitedFor() {
    FeedDriver feed = new FeedDriver("watchdog.ms", "0", "pong.timeout.ms", "30000").open();
    feed.after(29_999).pong(START).after(29_999).frame("{\"type\":\"ping\"}").after(29_999).tick();
    assertEquals(List.of(), feed.state.takeRequests());

    feed.after(1).tick().tick();
    FeedRequest abort =
        new FeedRequest.Abort("stalled: no answer to a ping, nor anything else, for 30000 ms");
    assertEquals(List.of(abort), feed.state.takeRequests());
    assertEquals(1, feed.events(STALLED).size());

    feed.close("stalled").open().after(29_999).tick();
    assertEquals(List.of(), feed.state.takeRequests());
  }

  @Test
  void aTradeThatWaitedWhileKafkaWasAwayIsNoStall() {
    FeedDriver feed = new FeedDriver().open();
    long received = feed.wall;
    feed.after(600_000);
    String text = "{\"type\":\"trade\",\"data\":[{\"s\":\"A\",\"p\":1,\"t\":1,\"v\":0}]}";
    feed.signal(new FeedSignal.Frame(text, received)).tick();

    assertEquals(0, feed.events(STALLED).size());
  }

  @Test
  void theWatchdogCanBeTurnedOff() {
    FeedDriver feed = new FeedDriver("watchdog.ms", "0").open().after(86_400_000).tick();

    assertEquals(0, feed.events(STALLED).size());
  }

  @Test
  void aComplaintOfTheVenueIsAnEventAndPassedOnForTheLogBothWithoutTheToken() {
    FeedDriver feed = new FeedDriver().open();
    feed.frame("{\"type\":\"error\",\"msg\":\"Invalid " + TestOptions.TOKEN + "\"}");

    assertEquals(List.of("Invalid ***"), feed.state.takeComplaints());
    assertEquals("Invalid ***", feed.events(REFUSED).get(0).reason());
    assertEquals(0, feed.refused().size());
  }

  @Test
  void tasksOfOneFeedNeverShareAnIdentity() {
    FeedOptions options = TestOptions.options("feed.token", "a b c", "task.index", "2");
    FeedState state = new FeedState(options);
    state.accept(new FeedSignal.Opened(START, List.of("A")), new Moment(START, 0));
    assertEquals(START * 1000 + 2, state.connectionId());
    state.accept(new FeedSignal.Closed("x", START), new Moment(START, 0));
    state.accept(new FeedSignal.Opened(START, List.of("A")), new Moment(START - 5_000, 0));
    assertEquals(START * 1000 + 1002, state.connectionId());
  }

  @Test
  void whereBadFramesAreNotToleratedTheFirstEndsItAndAllBeforeItIsKept() {
    FeedState state = new FeedState(TestOptions.options("errors.tolerance", "none"));
    Moment now = new Moment(START, 0);
    state.accept(new FeedSignal.Opened(START, List.of("A")), now);
    String good = "{\"s\":\"A\",\"p\":1,\"t\":1,\"v\":1}";
    String bad = "{\"s\":\"A\",\"p\":-1,\"t\":1,\"v\":1}";
    String text = "{\"type\":\"trade\",\"data\":[" + good + "," + bad + "," + good + "]}";
    state.accept(new FeedSignal.Frame(text, START), now);
    state.accept(new FeedSignal.Frame(text, START), now);

    List<FeedOutput> outputs = state.takeOutputs();
    assertEquals(1, outputs.stream().filter(Trade.class::isInstance).count());
    assertEquals(0, outputs.stream().filter(Refused.class::isInstance).count());
    assertEquals(new Counts(1, 1, 0, 0), state.offset().counts());
    assertFalse(state.offset().closed());
    assertTrue(state.failure().contains("trade 2 (frame 1, position 1)"), state.failure());
    assertTrue(state.failure().contains("BAD_PRICE"), state.failure());
    assertTrue(state.failure().contains(String.valueOf(state.connectionId())), state.failure());
  }

  @Test
  void whereBadFramesAreNotToleratedAFrameEndsItTooAndItsTextIsNotInTheReason() {
    FeedState state = new FeedState(TestOptions.options("errors.tolerance", "none"));
    state.accept(new FeedSignal.Opened(START, List.of("A")), new Moment(START, 0));
    state.accept(new FeedSignal.Frame("<private>", START), new Moment(START, 0));

    assertTrue(state.failure().contains("frame 1 of connection"), state.failure());
    assertFalse(state.failure().contains("private"), state.failure());
    assertEquals(0, state.offset().counts().refusedFrames());
  }
}
