package org.ratehouse.connect.websocket;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket connection. The socket is read on credit, as {@link Inbox} gives it. So nothing is
 * ever dropped and no thread of the JDK ever blocks; when Kafka is slow, TCP makes the server wait.
 */
final class FeedConnection implements FeedLink, WebSocket.Listener {

  private static final long CLOSE_MS = 1_000;

  private final FeedOptions options;
  private final Wanted wanted;
  private final boolean overlapping;
  private final Redaction redaction;
  private final Inbox inbox;
  private final FrameAssembly frame;
  private final Pinger pinger;
  private volatile WebSocket socket;
  private volatile Outbox outbox;

  private FeedConnection(FeedOptions options, Wanted wanted, boolean overlapping) {
    this.options = options;
    this.wanted = wanted;
    this.overlapping = overlapping;
    this.redaction = new Redaction(options.token().value());
    this.inbox = new Inbox(options.queueMaxBytes());
    this.frame = new FrameAssembly(options.frameMaxBytes());
    this.pinger = new Pinger(options.pingIntervalMs(), this::fail);
  }

  /**
   * Starts to connect and returns at once.
   *
   * @param overlapping while another connection of the feed still runs
   */
  static FeedConnection open(
      HttpClient client, FeedOptions options, Wanted wanted, boolean overlapping) {
    FeedConnection connection = new FeedConnection(options, wanted, overlapping);
    try {
      client
          .newWebSocketBuilder()
          .connectTimeout(Duration.ofMillis(options.connectTimeoutMs()))
          .buildAsync(options.venue().address(options.url(), options.token().value()), connection)
          .whenComplete(connection::connected);
    } catch (IllegalArgumentException e) {
      // An address that the JDK does not like; its message repeats it, token and all.
      connection.connected(null, e);
    }
    return connection;
  }

  private void connected(WebSocket webSocket, Throwable failure) {
    if (failure != null) {
      inbox.end(ConnectFailure.of(failure, options, redaction, System.currentTimeMillis()));
      return;
    }
    outbox = new Outbox(webSocket, options.connectTimeoutMs());
    socket = webSocket;
    if (inbox.isEnded()) {
      webSocket.abort();
    } else {
      subscribe(webSocket);
    }
  }

  /** Nothing is read before all subscriptions are sent, so no frame comes before Opened. */
  private void subscribe(WebSocket webSocket) {
    long subscribedAt = System.currentTimeMillis();
    send(
        options.venue().subscriptions(wanted.symbols()),
        () -> {
          pinger.start(webSocket);
          if (inbox.begin(new FeedSignal.Opened(subscribedAt, wanted, overlapping))) {
            request(inbox.settle());
          }
        });
  }

  @Override
  public void change(Wanted added, List<String> removed) {
    long place = inbox.reserve();
    // Away first, so that there is never more than the venue takes on one connection.
    List<String> messages = new ArrayList<>(options.venue().unsubscriptions(removed));
    messages.addAll(options.venue().subscriptions(added.symbols()));
    send(
        messages,
        () ->
            inbox.fill(
                place, new FeedSignal.SymbolsChanged(added, removed, System.currentTimeMillis())));
  }

  @Override
  public void resubscribe(List<String> silent) {
    long place = inbox.reserve();
    send(
        options.venue().resubscriptions(silent),
        () -> inbox.fill(place, new FeedSignal.Resubscribed(silent, System.currentTimeMillis())));
  }

  private void send(List<String> messages, Runnable whenSent) {
    outbox
        .send(messages)
        .whenComplete(
            (open, failure) -> {
              if (failure == null) {
                whenSent.run();
              } else {
                fail("the subscriptions could not be sent: " + ConnectFailure.describe(failure));
              }
            });
  }

  @Override
  public long ping() {
    return pinger.ping();
  }

  @Override
  public List<FeedSignal> take(long waitMs) throws InterruptedException {
    request(inbox.settle());
    return inbox.take(waitMs);
  }

  private void request(int messages) {
    if (messages > 0) {
      socket.request(messages);
    }
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    // The default would ask for the first frame, which is not wanted before the subscription.
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    int bytes = frame.addText(part);
    if (bytes < 0) {
      failTooLarge();
    } else if (last) {
      long now = System.currentTimeMillis();
      request(inbox.message(new FeedSignal.Frame(frame.takeText(), now), bytes));
    } else {
      request(inbox.part(bytes));
    }
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
    int bytes = frame.addBytes(part);
    if (bytes < 0) {
      failTooLarge();
    } else if (last) {
      String base64 = Base64.getEncoder().encodeToString(frame.takeBytes());
      long now = System.currentTimeMillis();
      request(inbox.message(new FeedSignal.BinaryFrame(base64, now), bytes));
    } else {
      request(inbox.part(bytes));
    }
    return null;
  }

  private void failTooLarge() {
    fail("a frame was larger than " + options.frameMaxBytes() + " bytes");
  }

  @Override
  public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
    // The JDK answers it by itself.
    request(inbox.part(0));
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
    FeedSignal.Pong pong = Pinger.pong(message);
    request(pong == null ? inbox.part(0) : inbox.message(pong, 0));
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

  private void end(String reason) {
    inbox.end(redaction.reason(reason.strip()));
    pinger.stop();
  }
}
