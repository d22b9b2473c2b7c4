package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.enums.Opcode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that came about, against real servers. */
class FeedConnectionTest {

  private VenueServer venue;
  private LinkDriver link;

  @BeforeEach
  void startVenue() throws Exception {
    venue = VenueServer.running();
  }

  @AfterEach
  void stopAll() throws Exception {
    if (link != null) {
      link.close();
    }
    venue.close();
  }

  private void open(String... namesAndValues) throws Exception {
    link = LinkDriver.open(venue.url(), namesAndValues);
    link.next(FeedSignal.Opened.class);
  }

  @Test
  void thePongBringsBackWhenItsPingWasSentAndWhichOneItWas() throws Exception {
    link = LinkDriver.open(venue.url(), "ping.interval.ms", "20");
    FeedSignal.Opened opened = link.next(FeedSignal.Opened.class);
    FeedSignal.Pong first = link.next(FeedSignal.Pong.class);
    FeedSignal.Pong second = link.next(FeedSignal.Pong.class);

    assertTrue(opened.subscribedAtMillis() <= first.sentAtMillis());
    assertTrue(first.sentAtMillis() <= second.sentAtMillis());
    assertTrue(second.sentAtMillis() <= second.receivedAtMillis());
    assertEquals(List.of(1L, 2L), List.of(first.number(), second.number()));
  }

  @Test
  void whatIsOpenedTellsSinceWhenItsSymbolsWereWanted() throws Exception {
    link = LinkDriver.open(venue.url());

    assertEquals(Wanted.at(List.of("A", "B"), 0), link.next(FeedSignal.Opened.class).wanted());
  }

  @Test
  void aPingCanBeSentAtOnce() throws Exception {
    open("ping.interval.ms", "3600000");
    assertEquals(1, link.next(FeedSignal.Pong.class).number());
    long number = link.connection.ping();

    assertEquals(number, link.next(FeedSignal.Pong.class).number());
  }

  @Test
  void theServerIsNotReadWhileNobodyTakesAndNothingIsLost() throws Exception {
    int frames = 2_000;
    String filler = "x".repeat(20_000);
    AtomicInteger sent = new AtomicInteger();
    venue.whenSubscribed(
        server -> {
          for (int i = 0; i < frames; i++) {
            server.send(i + filler);
          }
          sent.set(frames);
        });
    open("queue.max.bytes", "100000", "ping.interval.ms", "60000");
    Await.until("the server is done", () -> sent.get() == frames);

    // 40 MB are more than the kernel's buffers hold, so some must still wait at the server.
    assertTrue(venue.client(0).hasBufferedData());
    for (int i = 0; i < frames; i++) {
      assertTrue(link.next(FeedSignal.Frame.class).text().startsWith(i + "x"), "frame " + i);
    }
  }

  @Test
  void manySmallFramesAllComeInTheirOrder() throws Exception {
    int frames = 20_000;
    venue.whenSubscribed(
        server -> {
          for (int i = 0; i < frames; i++) {
            server.send("" + i);
          }
        });
    open("ping.interval.ms", "10");

    for (int i = 0; i < frames; i++) {
      assertEquals("" + i, link.next(FeedSignal.Frame.class).text());
    }
  }

  @Test
  void aFrameInPartsIsOneFrame() throws Exception {
    venue.whenSubscribed(
        server -> {
          server.sendFragmentedFrame(Opcode.TEXT, utf8("one "), false);
          server.sendFragmentedFrame(Opcode.TEXT, utf8("twö "), false);
          server.sendFragmentedFrame(Opcode.TEXT, utf8("three"), true);
          server.send("next");
        });
    open();

    assertEquals("one twö three", link.next(FeedSignal.Frame.class).text());
    assertEquals("next", link.next(FeedSignal.Frame.class).text());
  }

  @Test
  void aFrameLargerThanTheQueueComesWhole() throws Exception {
    String large = "ä".repeat(1_000_000);
    venue.whenSubscribed(server -> server.send(large));
    open("queue.max.bytes", "4194304", "frame.max.bytes", "4194304");

    assertEquals(large, link.next(FeedSignal.Frame.class).text());
  }

  @Test
  void aFrameOfTheLargestSizeIsTakenAndALargerOneEndsTheConnection() throws Exception {
    venue.whenSubscribed(
        server -> {
          server.send("ü".repeat(1_000));
          server.send("ü".repeat(1_000) + "u");
        });
    open("frame.max.bytes", "2000");

    assertEquals(1_000, link.next(FeedSignal.Frame.class).text().length());
    assertEquals("a frame was larger than 2000 bytes", link.next(FeedSignal.Closed.class).reason());
  }

  @Test
  void aBinaryFrameIsTakenAsBase64() throws Exception {
    venue.whenSubscribed(server -> server.send(new byte[] {1, 2, 3}));
    open();

    assertEquals("AQID", link.next(FeedSignal.BinaryFrame.class).base64());
  }

  @Test
  void whatCameBeforeAnAbortIsStillTaken() throws Exception {
    venue.whenSubscribed(server -> server.send("last"));
    open();
    FeedSignal.Frame frame = link.next(FeedSignal.Frame.class);
    link.connection.abort("stalled");
    link.connection.abort("again");

    assertEquals("last", frame.text());
    assertEquals("stalled", link.next(FeedSignal.Closed.class).reason());
  }

  @Test
  void aServersGoodByeIsAnsweredAndItsReasonTold() throws Exception {
    venue.whenSubscribed(
        server -> {
          server.send("last");
          server.close(1001, "maintenance");
        });
    open();

    assertEquals("last", link.next(FeedSignal.Frame.class).text());
    assertEquals(
        "the server closed the connection with code 1001 maintenance",
        link.next(FeedSignal.Closed.class).reason());
    Await.until("the answer came", () -> venue.closeCodes.equals(List.of(1001)));
  }

  @Test
  void halfAFrameAndThenAResetIsTheEndAndNoFrame() throws Exception {
    try (RawVenue raw =
        RawVenue.that(
            client -> {
              byte[] wholeThenPing = {(byte) 0x81, 5, 'w', 'h', 'o', 'l', 'e', (byte) 0x89, 0};
              byte[] half = {(byte) 0x81, 10, 'h', 'a', 'l', 'f'};
              client.getOutputStream().write(wholeThenPing);
              // A reset throws away what has not been read yet, so the ping has to be answered.
              while (RawVenue.readFrame(client.getInputStream()) != RawVenue.PONG) {}
              client.getOutputStream().write(half);
              client.setSoLinger(true, 0);
              client.close();
            })) {
      link = LinkDriver.open(raw.url());
      link.next(FeedSignal.Opened.class);

      assertEquals("whole", link.next(FeedSignal.Frame.class).text());
      link.next(FeedSignal.Closed.class);
    }
  }

  @Test
  void aServerThatDoesNotReadTheSubscriptionsIsGivenUpInTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawVenue raw = RawVenue.that(client -> awaitQuietly(over))) {
      String symbols = String.join(",", Collections.nCopies(1, "S".repeat(30_000_000)));
      link =
          LinkDriver.open(raw.url(), "connect.timeout.ms", "1500", "feed.symbols", symbols + ",B");

      assertEquals(
          "the subscriptions could not be sent: the time is over",
          link.next(FeedSignal.NotOpened.class).reason());
    } finally {
      over.countDown();
    }
  }

  @Test
  void aServerThatDoesNotHearTheGoodByeHoldsNobodyUp() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawVenue raw = RawVenue.that(client -> awaitQuietly(over))) {
      link = LinkDriver.open(raw.url());
      link.next(FeedSignal.Opened.class);
      link.close();

      assertEquals("closed by us", link.next(FeedSignal.Closed.class).reason());
    } finally {
      over.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void symbolsAreChangedByTheVenuesMessages() throws Exception {
    open();
    link.connection.change(Wanted.at(List.of("C"), 5), List.of("A"));
    FeedSignal.SymbolsChanged changed = link.next(FeedSignal.SymbolsChanged.class);

    assertEquals(Wanted.at(List.of("C"), 5), changed.added());
    assertEquals(List.of("A"), changed.removed());
    Await.until("the venue heard it", () -> venue.received.size() == 4);
    assertEquals(
        List.of(
            "{\"type\":\"unsubscribe\",\"symbol\":\"A\"}",
            "{\"type\":\"subscribe\",\"symbol\":\"C\"}"),
        venue.received.subList(2, 4));
  }

  @Test
  void symbolsAreSubscribedToOnceMore() throws Exception {
    open();
    link.connection.resubscribe(List.of("A"));

    assertEquals(List.of("A"), link.next(FeedSignal.Resubscribed.class).symbols());
    Await.until("the venue heard it", () -> venue.received.size() == 3);
    assertEquals("{\"type\":\"subscribe\",\"symbol\":\"A\"}", venue.received.get(2));
  }

  @Test
  void whatIsAskedOfAnEndedConnectionHasNoEffect() throws Exception {
    open();
    link.connection.abort("over");
    link.connection.change(Wanted.at(List.of("C"), 0), List.of());
    link.connection.resubscribe(List.of("A"));
    link.connection.ping();

    assertEquals("over", link.next(FeedSignal.Closed.class).reason());
    assertEquals(List.of(), link.connection.take(0));
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
