package org.ratehouse.connect.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigException;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server with TLS. */
class TlsTest {

  @TempDir static Path folder;
  private static TestCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.of("localhost", folder);
  }

  private static VenueServer venue(TestCertificate certificate) throws Exception {
    return VenueServer.running(
        server ->
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(certificate.server())));
  }

  private static String url(VenueServer venue) {
    return "wss://localhost:" + venue.getPort() + "/";
  }

  private static String refusal(String url, String... namesAndValues) throws Exception {
    try (LinkDriver link = LinkDriver.open(url, namesAndValues)) {
      return link.next(FeedSignal.NotOpened.class).reason();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefusedUntilItsAuthorityIsNamed() throws Exception {
    VenueServer venue = venue(certificate);
    try {
      String reason = refusal(url(venue));
      assertTrue(reason.contains("the server's certificate is not trusted (TLS)"), reason);
      assertTrue(reason.contains("feed.tls.ca.file"), reason);

      venue.whenSubscribed(client -> client.send("secure"));
      try (LinkDriver link =
          LinkDriver.open(url(venue), "feed.tls.ca.file", certificate.pem().toString())) {
        link.next(FeedSignal.Opened.class);
        assertEquals("secure", link.next(FeedSignal.Frame.class).text());
      }
    } finally {
      venue.close();
    }
  }

  @Test
  void aTrustedCertificateOfAnotherHostIsRefused() throws Exception {
    TestCertificate ofAnother = TestCertificate.of("venue.example", folder);
    VenueServer venue = venue(ofAnother);
    try {
      String reason = refusal(url(venue), "feed.tls.ca.file", ofAnother.pem().toString());
      assertTrue(reason.contains("not trusted"), reason);
      assertTrue(reason.contains("localhost"), reason);
    } finally {
      venue.close();
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsNamedSo() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answers = new Thread(() -> answerInPlainText(plain));
      answers.setDaemon(true);
      answers.start();
      String reason = refusal("wss://localhost:" + plain.getLocalPort() + "/");
      assertTrue(reason.contains("TLS failed"), reason);
    }
  }

  private static void answerInPlainText(ServerSocket plain) {
    try (Socket client = plain.accept()) {
      client.getInputStream().read();
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      client.shutdownOutput();
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The client hung up.
    }
  }

  @Test
  void theMachinesAuthoritiesStayTrustedBesideTheFiles() throws Exception {
    int ofTheFile = 1;

    assertTrue(Tls.trustedAuthorities(certificate.pem().toString()).size() > ofTheFile);
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByTheOptionsName() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");

    for (Path file : new Path[] {empty, garbage, folder.resolve("missing.pem")}) {
      ConfigException refusal =
          assertThrows(ConfigException.class, () -> Tls.client(file.toString()));
      assertTrue(refusal.getMessage().contains("feed.tls.ca.file"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
    }
  }
}
