package org.ratehouse.connect.websocket;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ratehouse.connect.websocket.ReaderDriver.OPENED;
import static org.ratehouse.connect.websocket.ReaderDriver.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class FeedReaderTest {

  private static final FeedSignal OVER = new FeedSignal.Closed("x", 2);
  private static final FeedSignal DOWN = new FeedSignal.NotOpened("down", false);

  @Test
  void framesThatCameTogetherAreFewBatchesAndNoneIsDivided() throws Exception {
    ReaderDriver feed = new ReaderDriver("batch.max.trades", "16");
    feed.next(OPENED, frame(1, 2), frame(3, 4), frame(5, 6), frame(7, 8), frame(9, 10));
    feed.reader.turn();

    List<FeedBatch> batches = feed.queue.take(0, Integer.MAX_VALUE);
    assertEquals(List.of(2, 4, 4), batches.stream().map(FeedBatch::trades).toList());
    assertEquals(
        List.of(2L, 6L, 10L), batches.stream().map(b -> b.offset().counts().trades()).toList());
  }

  @Test
  void aConnectionThatEndedIsFollowedByOneMoreAfterItsDelay() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(OPENED, OVER);
    feed.next();
    feed.reader.turn();
    assertEquals(1, feed.opened.size());

    feed.steady += 100;
    feed.reader.turn();
    assertEquals(2, feed.opened.size());
  }

  @Test
  void delaysGrowUntilTradesFlow() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(DOWN);
    feed.next(OPENED, OVER);
    feed.next(OPENED, frame(1), OVER);
    feed.next(DOWN);
    feed.next(DOWN);
    feed.next();
    List<Long> delays = new ArrayList<>();
    feed.reader.turn();
    while (!feed.script.isEmpty()) {
      delays.add(feed.reader.delayMs());
      feed.steady += feed.reader.delayMs();
      feed.reader.turn();
    }

    assertEquals(List.of(100L, 200L, 100L, 200L, 400L), delays);
  }

  @Test
  void aServerThatAsksToBeLeftAloneIsLeftAlone() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(new FeedSignal.NotOpened("HTTP 429", false, 45_000));
    feed.reader.turn();

    assertEquals(45_000, feed.reader.delayMs());
  }

  @Test
  void aRefusedTokenFailsTheTaskWithoutNamingIt() {
    ReaderDriver feed = new ReaderDriver();
    feed.next(new FeedSignal.NotOpened("HTTP 401", true));

    ConnectException failure = assertThrows(ConnectException.class, feed.reader::turn);
    assertTrue(failure.getMessage().contains("The token of feed test was refused"));
    assertFalse(failure.getMessage().contains(TestOptions.TOKEN));
  }

  @Test
  void givingUpFailsTheTaskWithTheLastReason() throws Exception {
    ReaderDriver feed = new ReaderDriver("connect.retry.timeout.ms", "1000");
    for (int i = 0; i < 20; i++) {
      feed.next(new FeedSignal.NotOpened("attempt " + i, false));
    }
    ConnectException failure =
        assertThrows(
            ConnectException.class,
            () -> {
              for (int i = 0; i < 20; i++) {
                feed.reader.turn();
                feed.steady += feed.reader.delayMs();
              }
            });

    assertEquals(1_000, feed.steady);
    String last = "attempt " + (feed.opened.size() - 1);
    assertTrue(failure.getMessage().contains("no connection for 1000 ms"), failure.getMessage());
    assertTrue(failure.getMessage().contains(last), failure.getMessage());
  }

  @Test
  void aReaderThatDiesHandsOverWhatCameBeforeAndSaysWhy() throws Exception {
    ReaderDriver feed = new ReaderDriver("batch.max.trades", "4");
    feed.next(OPENED, frame(1), frame(2), null_());
    feed.reader.run();

    assertEquals(List.of(1, 2), ReaderDriver.prices(feed.taken()));
    ConnectException failure = feed.reader.failure();
    assertTrue(failure.getMessage().contains("The reader of feed test died"));
    assertTrue(failure.getCause() instanceof NullPointerException);
    assertEquals(List.of("close"), feed.opened.get(0).asked);
  }

  /** A signal that no state can take. */
  private static FeedSignal null_() {
    return new FeedSignal.Frame(null, 1);
  }

  @Test
  void aFailureThatRepeatsTheTokenLosesItsCause() {
    Redaction redaction = new Redaction(TestOptions.TOKEN);
    Throwable loud = new IllegalStateException(new RuntimeException("at " + TestOptions.TOKEN));
    ConnectException failure = ReaderFailure.of("test", loud, redaction);

    assertNull(failure.getCause());
    assertFalse(failure.getMessage().contains(TestOptions.TOKEN));
    assertEquals(loud.getStackTrace()[0], failure.getStackTrace()[0]);
  }

  @Test
  void aStalledConnectionIsEndedAndWhatItBroughtIsKept() throws Exception {
    ReaderDriver feed = new ReaderDriver("watchdog.ms", "60000");
    ScriptedLink link = feed.next(OPENED);
    feed.reader.turn();
    feed.steady += 60_000;
    feed.reader.turn();

    assertEquals(List.of("abort: stalled: no trade for 60000 ms"), link.asked);
    feed.reader.turn();
    assertTrue(feed.state.offset().closed());
  }

  @Test
  void nothingCountsAsSilentWhileTheQueueIsFull() throws Exception {
    ReaderDriver feed = new ReaderDriver("watchdog.ms", "1000", "queue.max.trades", "1");
    ScriptedLink link = feed.next(OPENED, frame(1), frame(2));
    Thread turn = inBackground(feed);
    Await.until("the reader waits", () -> turn.getState() == Thread.State.WAITING);
    feed.steady += 3_600_000;
    while (turn.isAlive()) {
      feed.taken();
      turn.join(5);
    }
    feed.reader.turn();
    assertEquals(List.of(), link.asked);

    feed.steady += 1_000;
    feed.reader.turn();
    assertEquals(List.of("abort: stalled: no trade for 1000 ms"), link.asked);
  }

  private static Thread inBackground(ReaderDriver feed) {
    Thread turn =
        new Thread(
            () -> {
              try {
                feed.reader.turn();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    turn.setDaemon(true);
    turn.start();
    return turn;
  }

  @Test
  void stoppingEndsAReaderThatWaitsForRoomAndCountsWhatItHadInHand() throws Exception {
    ReaderDriver feed = new ReaderDriver("queue.max.trades", "4");
    feed.next(OPENED, frame(1, 2, 3), frame(4, 5));
    Thread turn = inBackground(feed);
    Await.until("the reader waits", () -> turn.getState() == Thread.State.WAITING);
    feed.queue.close();
    feed.reader.stop();
    turn.join(20_000);

    assertFalse(turn.isAlive());
    assertEquals(3, feed.queue.trades());
    assertEquals(2, feed.reader.unwritten());
  }

  @Test
  void stoppingEndsAWaitForTheNextAttempt() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(DOWN);
    feed.reader.turn();
    feed.reader.stop();

    assertTimeoutPreemptively(ofSeconds(10), feed.reader::run);
    assertEquals(1, feed.opened.size());
    assertNull(feed.reader.failure());
  }

  @Test
  void symbolsChangeOnAnOpenConnection() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    ScriptedLink link = feed.next();
    feed.symbols.want(List.of("B", "C"));
    feed.reader.turn();
    assertEquals(List.of(List.of("B", "C")), feed.symbolsAtOpening);

    feed.symbols.want(List.of("C", "D"));
    feed.reader.turn();
    assertEquals(List.of(), link.asked, "not before it is open");
    link.tell(OPENED);
    feed.reader.turn();
    feed.reader.turn();
    assertEquals(List.of("add [D] remove [B]"), link.asked);
  }

  @Test
  void aTaskWithoutASymbolWaitsForOneAndTellsWhatItMissedOfThoseItHad() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(OPENED, OVER);
    feed.reader.turn();
    feed.symbols.want(List.of());
    feed.steady += 3_600_000;
    feed.reader.turn();
    feed.reader.turn();

    assertEquals(1, feed.opened.size());
    assertEquals(List.of(), feed.state.offset().symbols());
    assertEquals(Map.of(), feed.state.offset().openGaps());
    List<FeedOutput.EventKind> told =
        feed.taken().stream().map(output -> ((FeedOutput.Event) output).kind()).toList();
    assertEquals(
        List.of(FeedOutput.EventKind.GAP, FeedOutput.EventKind.UNSUBSCRIBED),
        told.subList(told.size() - 2, told.size()));

    feed.symbols.want(List.of("Z"));
    long since = feed.steady;
    feed.next(DOWN);
    feed.next(DOWN);
    feed.reader.turn();
    feed.steady += 300_000;
    feed.reader.turn();
    assertEquals(3, feed.opened.size());
    Wanted last = feed.wantedAtOpening.get(2);
    assertEquals(Wanted.at(List.of("Z"), 1_700_000_000_000L + since), last);
    assertNull(feed.reader.failure());
  }

  @Test
  void symbolsThatChangeBetweenConnectionsAreInTheNextOne() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(OPENED, OVER);
    ScriptedLink second = feed.next(OPENED);
    feed.reader.turn();
    feed.symbols.want(List.of("Z"));
    feed.steady += 100;
    feed.reader.turn();

    assertEquals(List.of(List.of("A", "B"), List.of("Z")), feed.symbolsAtOpening);
    assertEquals(List.of(), second.asked);
  }

  @Test
  void aBadFrameThatIsNotToleratedFailsTheTaskAfterWhatCameBefore() throws Exception {
    ReaderDriver feed = new ReaderDriver(TestOptions.intolerant());
    feed.next(OPENED, frame(1), frame(2), new FeedSignal.Frame("garbage", 1), frame(3));
    feed.reader.run();

    assertEquals(List.of(1, 2), ReaderDriver.prices(feed.taken()));
    assertTrue(feed.reader.failure().getMessage().contains("BAD_FRAME"));
  }

  @Test
  void aReaderWhoseSymbolsNobodyReadsAnyMoreEndsAfterWhatCameBefore() throws Exception {
    ReaderDriver feed = new ReaderDriver();
    feed.next(OPENED, frame(1));
    feed.reader.turn();
    feed.checks =
        () -> {
          throw new ConnectException("no longer read");
        };
    feed.reader.run();

    assertEquals(List.of(1), ReaderDriver.prices(feed.taken()));
    assertEquals("no longer read", feed.reader.failure().getMessage());
  }
}
