package org.ratehouse.connect.websocket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Pings the server, at once and then at an interval. Each ping carries the moment it was sent, and
 * the pong brings it back, so nothing has to be remembered here.
 */
final class Pinger {

  private final long intervalMs;
  private final Consumer<String> onFailure;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "feed-pinger");
            thread.setDaemon(true);
            return thread;
          });
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  Pinger(long intervalMs, Consumer<String> onFailure) {
    this.intervalMs = intervalMs;
    this.onFailure = onFailure;
  }

  synchronized void start(WebSocket socket) {
    if (!timer.isShutdown()) {
      timer.scheduleWithFixedDelay(() -> ping(socket), 0, intervalMs, TimeUnit.MILLISECONDS);
    }
  }

  private void ping(WebSocket socket) {
    if (!sent.isDone()) {
      // The last one is still on its way out: the server does not read. Another would not help.
      return;
    }
    ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(System.currentTimeMillis()).flip();
    sent = socket.sendPing(payload);
    sent.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            onFailure.accept("a ping could not be sent: " + ConnectFailure.describe(failure));
          }
        });
  }

  synchronized void stop() {
    timer.shutdownNow();
  }
}
