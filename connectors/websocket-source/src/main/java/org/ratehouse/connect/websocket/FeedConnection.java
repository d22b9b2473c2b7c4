package org.ratehouse.connect.websocket;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket connection. The socket is read on credit: as many messages as the queue may hold
 * are asked for at the start, and one more each time one is taken in. So nothing is ever dropped
 * and no thread ever blocks; when Kafka is slow, TCP makes the server wait.
 */
final class FeedConnection implements FeedLink, WebSocket.Listener {

  private static final long CLOSE_MS = 1_000;
  private static final int MOST_WAITING = 1_000;

  private final FeedOptions options;
  private final Redaction redaction;
  private final BlockingQueue<FeedSignal> signals = new LinkedBlockingQueue<>();
  private final FrameAssembly frame;
  private final Pinger pinger;
  private volatile WebSocket socket;
  private boolean opened;
  private boolean ended;

  private FeedConnection(FeedOptions options) {
    this.options = options;
    this.redaction = new Redaction(options.token().value());
    this.frame = new FrameAssembly(options.frameMaxBytes());
    this.pinger = new Pinger(options.pingIntervalMs(), this::fail);
  }

  /** Starts to connect and returns at once. */
  static FeedConnection open(HttpClient client, FeedOptions options) {
    FeedConnection connection = new FeedConnection(options);
    client
        .newWebSocketBuilder()
        .connectTimeout(Duration.ofMillis(options.connectTimeoutMs()))
        .buildAsync(options.venue().address(options.url(), options.token().value()), connection)
        .whenComplete(connection::connected);
    return connection;
  }

  private void connected(WebSocket webSocket, Throwable failure) {
    if (failure != null) {
      end(ConnectFailure.of(failure, options, redaction));
      return;
    }
    socket = webSocket;
    if (isEnded()) {
      webSocket.abort();
    } else {
      subscribe(webSocket);
    }
  }

  /** Nothing is read before all subscriptions are sent, so no frame comes before Opened. */
  private void subscribe(WebSocket webSocket) {
    long subscribedAt = System.currentTimeMillis();
    CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(webSocket);
    for (String message : options.venue().subscriptions(options.symbols())) {
      sent = sent.thenCompose(open -> open.sendText(message, true));
    }
    // No watchdog runs yet, so a server that does not read must not hold this up for ever.
    sent.orTimeout(options.connectTimeoutMs(), TimeUnit.MILLISECONDS);
    sent.whenComplete(
        (open, failure) -> {
          if (failure != null) {
            fail("the subscriptions could not be sent: " + ConnectFailure.describe(failure));
          } else if (begin(new FeedSignal.Opened(subscribedAt, options.symbols()))) {
            pinger.start(webSocket);
            webSocket.request(MOST_WAITING);
          }
        });
  }

  @Override
  public FeedSignal take(long waitMs) throws InterruptedException {
    FeedSignal signal = signals.poll(waitMs, TimeUnit.MILLISECONDS);
    boolean wasRead =
        signal instanceof FeedSignal.Frame
            || signal instanceof FeedSignal.BinaryFrame
            || signal instanceof FeedSignal.Pong;
    if (wasRead) {
      socket.request(1);
    }
    return signal;
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    // The default would ask for the first frame, which is not wanted before the subscription.
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    if (!frame.addText(part)) {
      fail("a frame was larger than " + options.frameMaxBytes() + " bytes");
    } else if (last) {
      signals.add(new FeedSignal.Frame(frame.takeText(), System.currentTimeMillis()));
    } else {
      webSocket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
    if (!frame.addBytes(part)) {
      fail("a frame was larger than " + options.frameMaxBytes() + " bytes");
    } else if (last) {
      String base64 = Base64.getEncoder().encodeToString(frame.takeBytes());
      signals.add(new FeedSignal.BinaryFrame(base64, System.currentTimeMillis()));
    } else {
      webSocket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
    if (message.remaining() == Long.BYTES) {
      signals.add(new FeedSignal.Pong(message.getLong(), System.currentTimeMillis()));
    } else {
      // Servers may send pongs that answer nothing.
      webSocket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    // Not aborted: the JDK answers the server's good-bye when this returns.
    end("the server closed the connection with code " + code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    fail("the connection broke: " + ConnectFailure.describe(error));
  }

  @Override
  public void abort(String reason) {
    fail(reason);
  }

  @Override
  public void close() {
    WebSocket open = socket;
    end("closed by us");
    if (open != null && !open.isOutputClosed()) {
      try {
        open.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // The server is not there to hear it; the connection ends all the same.
      }
      open.abort();
    }
  }

  private void fail(String reason) {
    end(reason);
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  /** False when the connection ended meanwhile: the last signal is the last. */
  private synchronized boolean begin(FeedSignal.Opened first) {
    if (!ended) {
      opened = true;
      signals.add(first);
    }
    return !ended;
  }

  private synchronized void end(String reason) {
    String redacted = redaction.reason(reason.strip());
    end(
        opened
            ? new FeedSignal.Closed(redacted, System.currentTimeMillis())
            : new FeedSignal.NotOpened(redacted, false));
  }

  private synchronized void end(FeedSignal last) {
    if (!ended) {
      ended = true;
      pinger.stop();
      signals.add(last);
    }
  }

  private synchronized boolean isEnded() {
    return ended;
  }
}
