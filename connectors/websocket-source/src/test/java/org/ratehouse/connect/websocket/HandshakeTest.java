package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that do not come about: each says why, and none says the token. */
class HandshakeTest {

  private static FeedSignal.NotOpened failure(FeedOptions options) throws Exception {
    try (LinkDriver link = LinkDriver.open(options)) {
      FeedSignal.NotOpened failed = link.next(FeedSignal.NotOpened.class);
      assertFalse(failed.reason().contains("oken"), failed.reason());
      return failed;
    }
  }

  private static FeedSignal.NotOpened failure(String url, String... namesAndValues)
      throws Exception {
    String[] options = List.of(namesAndValues).toArray(new String[namesAndValues.length + 2]);
    options[namesAndValues.length] = "feed.url";
    options[namesAndValues.length + 1] = url;
    return failure(TestOptions.options(options));
  }

  private static FeedSignal.NotOpened refused(int status, String retryAfter) throws Exception {
    HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/",
        exchange -> {
          if (retryAfter != null) {
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    http.start();
    try {
      return failure("ws://127.0.0.1:" + http.getAddress().getPort() + "/");
    } finally {
      http.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401,true",
    "403,true",
    "404,false",
    "429,false",
    "500,false",
    "503,false",
    "200,false"
  })
  void aRefusedHandshakeSaysItsStatus(int status, boolean tokenRefused) throws Exception {
    FeedSignal.NotOpened failed = refused(status, null);

    assertEquals(tokenRefused, failed.tokenRefused());
    assertTrue(failed.reason().contains("HTTP " + status), failed.reason());
    assertEquals(0, failed.retryAfterMs());
  }

  @ParameterizedTest
  @CsvSource({"429,7,7000", "503,120,120000"})
  void aServerMaySayHowLongItWantsToBeLeftAlone(int status, String header, long millis)
      throws Exception {
    FeedSignal.NotOpened failed = refused(status, header);

    assertEquals(millis, failed.retryAfterMs());
    assertTrue(failed.reason().contains(millis + " ms"), failed.reason());
  }

  @Test
  void aRedirectIsNotFollowedForItWouldCarryTheTokenAway() throws Exception {
    assertTrue(refused(302, null).reason().contains("HTTP 302"));
  }

  @Test
  void aServerThatIsNotThereIsAFailureAndNoException() throws Exception {
    FeedSignal.NotOpened failed = failure("ws://127.0.0.1:1/");

    assertTrue(failed.reason().contains("nothing accepts a connection there"), failed.reason());
    assertFalse(failed.tokenRefused());
  }

  @Test
  void aNameThatIsNotKnownIsNamed() throws Exception {
    String reason = failure("ws://no-such-host.invalid/").reason();

    assertTrue(reason.contains("the name no-such-host.invalid is not known (DNS)"), reason);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      String url = "ws://127.0.0.1:" + silent.getLocalPort() + "/";

      assertTrue(
          failure(url, "connect.timeout.ms", "100").reason().contains("no answer within 100 ms"));
    }
  }

  @Test
  void anAddressThatTheJdkDoesNotLikeIsAFailureToo() throws Exception {
    FeedOptions options = TestOptions.options();
    assertTrue(
        failure(TestOptions.with(options, "url", URI.create("http://127.0.0.1/")))
            .reason()
            .contains("could not be reached"));
  }
}
