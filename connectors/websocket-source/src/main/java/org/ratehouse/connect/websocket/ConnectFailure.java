package org.ratehouse.connect.websocket;

import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** Says why a connection did not come about, without the address, which holds the token. */
final class ConnectFailure {

  private static final Set<Integer> TOKEN_REFUSED = Set.of(401, 403);

  private ConnectFailure() {}

  static FeedSignal.NotOpened of(Throwable failure, FeedOptions options, Redaction redaction) {
    Throwable cause = unwrap(failure);
    if (cause instanceof WebSocketHandshakeException handshake && handshake.getResponse() != null) {
      HttpResponse<?> response = handshake.getResponse();
      return new FeedSignal.NotOpened(
          options.url() + " answered the handshake with HTTP " + response.statusCode(),
          TOKEN_REFUSED.contains(response.statusCode()));
    }
    return new FeedSignal.NotOpened(
        redaction.reason(options.url() + " could not be reached: " + describe(cause)), false);
  }

  static String describe(Throwable failure) {
    Throwable cause = unwrap(failure);
    String name = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
  }

  private static Throwable unwrap(Throwable failure) {
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    return wrapped ? failure.getCause() : failure;
  }
}
