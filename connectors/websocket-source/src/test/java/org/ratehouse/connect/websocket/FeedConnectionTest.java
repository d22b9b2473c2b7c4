package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.enums.Opcode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedConnectionTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private VenueServer venue;
  private FeedConnection connection;

  @BeforeEach
  void startVenue() throws Exception {
    venue = VenueServer.running();
  }

  @AfterEach
  void stopAll() throws Exception {
    if (connection != null) {
      connection.close();
    }
    venue.close();
  }

  private void open(String url, String... namesAndValues) {
    String[] options = List.of(namesAndValues).toArray(new String[namesAndValues.length + 2]);
    options[namesAndValues.length] = "feed.url";
    options[namesAndValues.length + 1] = url;
    connection = FeedConnection.open(client, TestOptions.options(options));
  }

  /** The next signal of this kind; pongs come when they please. */
  private <S extends FeedSignal> S next(Class<S> kind) throws InterruptedException {
    FeedSignal signal = connection.take(20_000);
    while (signal instanceof FeedSignal.Pong && kind != FeedSignal.Pong.class) {
      signal = connection.take(20_000);
    }
    assertNotNull(signal, "No signal came.");
    return assertInstanceOf(kind, signal);
  }

  @Test
  void thePongBringsBackWhenItsPingWasSent() throws Exception {
    open(venue.url(), "ping.interval.ms", "20");
    FeedSignal.Opened opened = next(FeedSignal.Opened.class);
    FeedSignal.Pong first = next(FeedSignal.Pong.class);
    FeedSignal.Pong second = next(FeedSignal.Pong.class);

    assertTrue(opened.subscribedAtMillis() <= first.sentAtMillis());
    assertTrue(first.sentAtMillis() < second.sentAtMillis());
    assertTrue(second.sentAtMillis() <= second.receivedAtMillis());
  }

  @Test
  void theServerIsNotReadFasterThanTheQueueIsEmptied() throws Exception {
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
    open(venue.url(), "queue.max.trades", "5", "ping.interval.ms", "60000");
    next(FeedSignal.Opened.class);
    venue.client(0);
    Await.until("the server is done", () -> sent.get() == frames);

    // 40 MB are more than the kernel's buffers hold, so some must still wait at the server.
    assertTrue(venue.client(0).hasBufferedData());
    for (int i = 0; i < frames; i++) {
      assertTrue(next(FeedSignal.Frame.class).text().startsWith(i + "x"), "frame " + i);
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
    open(venue.url());
    next(FeedSignal.Opened.class);

    assertEquals("one twö three", next(FeedSignal.Frame.class).text());
    assertEquals("next", next(FeedSignal.Frame.class).text());
  }

  @Test
  void aFrameOfTheLargestSizeIsTakenAndALargerOneEndsTheConnection() throws Exception {
    venue.whenSubscribed(
        server -> {
          server.send("ü".repeat(1_000));
          server.send("ü".repeat(1_000) + "u");
        });
    open(venue.url(), "frame.max.bytes", "2000");
    next(FeedSignal.Opened.class);

    assertEquals(1_000, next(FeedSignal.Frame.class).text().length());
    assertEquals("a frame was larger than 2000 bytes", next(FeedSignal.Closed.class).reason());
  }

  @Test
  void whatCameBeforeAnAbortIsStillTaken() throws Exception {
    venue.whenSubscribed(server -> server.send("last"));
    open(venue.url(), "queue.max.trades", "10");
    next(FeedSignal.Opened.class);
    FeedSignal.Frame frame = next(FeedSignal.Frame.class);
    connection.abort("stalled");
    connection.abort("again");

    assertEquals("last", frame.text());
    assertEquals("stalled", next(FeedSignal.Closed.class).reason());
  }

  @ParameterizedTest
  @CsvSource({"401,true", "403,true", "404,false", "429,false", "500,false", "200,false"})
  void aRefusedHandshakeSaysItsStatusAndNeverTheToken(int status, boolean tokenRefused)
      throws Exception {
    HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    http.start();
    try {
      open("ws://127.0.0.1:" + http.getAddress().getPort() + "/");
      FeedSignal.NotOpened failed = next(FeedSignal.NotOpened.class);
      assertEquals(tokenRefused, failed.tokenRefused());
      assertTrue(failed.reason().contains("HTTP " + status), failed.reason());
      assertFalse(failed.reason().contains("oken"), failed.reason());
    } finally {
      http.stop(0);
    }
  }

  @Test
  void aServerThatIsNotThereIsAFailureAndNoException() throws Exception {
    open("ws://127.0.0.1:1/");

    FeedSignal.NotOpened failed = next(FeedSignal.NotOpened.class);
    assertTrue(failed.reason().contains("could not be reached"), failed.reason());
    assertFalse(failed.tokenRefused());
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      open("ws://127.0.0.1:" + silent.getLocalPort() + "/", "connect.timeout.ms", "100");
      next(FeedSignal.NotOpened.class);
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
