package org.ratehouse.connect.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A server that opens a WebSocket and then does what no server should; one client only. */
final class RawVenue implements AutoCloseable {

  static final int PONG = 0xA;

  /** What happens after the handshake. */
  interface Conduct {
    void behave(Socket client) throws IOException;
  }

  private final ServerSocket server;

  private RawVenue(ServerSocket server) {
    this.server = server;
  }

  static RawVenue that(Conduct conduct) throws IOException {
    RawVenue venue = new RawVenue(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(() -> venue.serve(conduct), "raw-venue");
    thread.setDaemon(true);
    thread.start();
    return venue;
  }

  String url() {
    return "ws://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void serve(Conduct conduct) {
    try {
      Socket client = server.accept();
      String request = head(client.getInputStream());
      String key = request.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Accept: "
                      + accept(key)
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      conduct.behave(client);
    } catch (IOException | NoSuchAlgorithmException e) {
      // The test is over, or will say what it misses.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  /** Reads a short frame of the client; returns its opcode. */
  static int readFrame(InputStream in) throws IOException {
    int opcode = in.read() & 0xF;
    int length = in.read() & 0x7F;
    in.readNBytes(4 + length);
    return opcode;
  }

  private static String accept(String key) throws NoSuchAlgorithmException {
    byte[] both =
        (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
