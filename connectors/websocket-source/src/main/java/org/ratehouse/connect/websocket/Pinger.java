package org.ratehouse.connect.websocket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Pings the server, at once, then at an interval, and when told to. Each ping carries the moment it
 * was sent and its number, and the pong brings them back, so nothing has to be remembered here.
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
  private CompletableFuture<WebSocket> sent;
  private long number;

  Pinger(long intervalMs, Consumer<String> onFailure) {
    this.intervalMs = intervalMs;
    this.onFailure = onFailure;
  }

  synchronized void start(WebSocket socket) {
    sent = CompletableFuture.completedFuture(socket);
    if (!timer.isShutdown()) {
      timer.scheduleWithFixedDelay(this::pingUnlessOneIsOut, 0, intervalMs, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void pingUnlessOneIsOut() {
    // The last one may still be on its way out: the server does not read. Another would not help.
    if (sent.isDone()) {
      ping();
    }
  }

  /** Pings now, or as soon as the last ping is out; returns the number that the pong will carry. */
  synchronized long ping() {
    long current = ++number;
    sent = sent.thenCompose(socket -> socket.sendPing(payload(current)));
    sent.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            onFailure.accept("a ping could not be sent: " + ConnectFailure.describe(failure));
          }
        });
    return current;
  }

  private static ByteBuffer payload(long number) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(System.currentTimeMillis())
        .putLong(number)
        .flip();
  }

  /** The signal of a pong; null for one that answers none of our pings. */
  static FeedSignal.Pong pong(ByteBuffer payload) {
    return payload.remaining() == 2 * Long.BYTES
        ? new FeedSignal.Pong(payload.getLong(), System.currentTimeMillis(), payload.getLong())
        : null;
  }

  synchronized void stop() {
    timer.shutdownNow();
  }
}
