package org.ratehouse.connect.websocket;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** A real WebSocket server that does what a test tells it to. */
final class VenueServer extends WebSocketServer {

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> received = new CopyOnWriteArrayList<>();
  final List<Integer> closeCodes = new CopyOnWriteArrayList<>();
  private final List<WebSocket> clients = new CopyOnWriteArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile BiConsumer<WebSocket, String> onReceived = (client, message) -> {};

  private VenueServer() {
    super(new InetSocketAddress("127.0.0.1", 0), 1);
    setReuseAddr(true);
    setConnectionLostTimeout(0);
    setDaemon(true);
  }

  static VenueServer running() throws InterruptedException {
    return running(server -> {});
  }

  static VenueServer running(Consumer<VenueServer> preparation) throws InterruptedException {
    VenueServer server = new VenueServer();
    preparation.accept(server);
    server.start();
    server.started.await();
    return server;
  }

  String url() {
    return "ws://127.0.0.1:" + getPort() + "/";
  }

  /** What to do after each connection's last subscription, which is for the symbol B. */
  void whenSubscribed(Consumer<WebSocket> action) {
    whenReceived(
        (client, message) -> {
          if (message.contains("\"B\"")) {
            action.accept(client);
          }
        });
  }

  /** What to do with each message of a client. */
  void whenReceived(BiConsumer<WebSocket, String> action) {
    onReceived = action;
  }

  WebSocket client(int index) throws Exception {
    Await.until("client " + index + " is there", () -> clients.size() > index);
    return clients.get(index);
  }

  static String trades(String symbol, int first, int count) {
    List<String> data = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      data.add("{\"s\":\"%s\",\"p\":%d,\"t\":1700000000000,\"v\":0.5}".formatted(symbol, i));
    }
    return "{\"data\":[" + String.join(",", data) + "],\"type\":\"trade\"}";
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public void onOpen(WebSocket client, ClientHandshake handshake) {
    requests.add(handshake.getResourceDescriptor());
    clients.add(client);
  }

  @Override
  public void onMessage(WebSocket client, String message) {
    received.add(message);
    onReceived.accept(client, message);
  }

  @Override
  public void onClose(WebSocket client, int code, String reason, boolean remote) {
    closeCodes.add(code);
  }

  @Override
  public void onError(WebSocket client, Exception error) {}

  void close() throws InterruptedException {
    stop(1_000);
  }
}
