package org.ratehouse.connect.websocket;

import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends text frames one after another: the JDK takes the next one only when the last is out. */
final class Outbox {

  private final WebSocket socket;
  private final long timeoutMs;
  private CompletableFuture<WebSocket> last;

  Outbox(WebSocket socket, long timeoutMs) {
    this.socket = socket;
    this.timeoutMs = timeoutMs;
    this.last = CompletableFuture.completedFuture(socket);
  }

  /** Completes when all are sent; fails also when a server that does not read holds them up. */
  synchronized CompletableFuture<WebSocket> send(List<String> messages) {
    for (String message : messages) {
      last = last.thenCompose(open -> socket.sendText(message, true));
    }
    last.orTimeout(timeoutMs, TimeUnit.MILLISECONDS);
    return last;
  }
}
