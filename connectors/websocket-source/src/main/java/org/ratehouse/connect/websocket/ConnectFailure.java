package org.ratehouse.connect.websocket;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Says why a connection did not come about or broke, by what went wrong and not by the name of an
 * exception, and without the address, which holds the token.
 */
final class ConnectFailure {

  private static final Set<Integer> TOKEN_REFUSED = Set.of(401, 403);

  private ConnectFailure() {}

  static FeedSignal.NotOpened of(
      Throwable failure, FeedOptions options, Redaction redaction, long nowMillis) {
    Optional<WebSocketHandshakeException> refusal =
        find(failure, WebSocketHandshakeException.class)
            .filter(handshake -> handshake.getResponse() != null);
    if (refusal.isPresent()) {
      return ofStatus(refusal.get().getResponse(), options, nowMillis);
    }
    return new FeedSignal.NotOpened(
        redaction.reason(options.url() + " could not be reached: " + why(failure, options)), false);
  }

  private static FeedSignal.NotOpened ofStatus(
      HttpResponse<?> response, FeedOptions options, long nowMillis) {
    int status = response.statusCode();
    long retryAfterMs =
        response
            .headers()
            .firstValue("Retry-After")
            .map(header -> RetryAfter.millis(header, nowMillis))
            .orElse(0L);
    String wish = retryAfterMs == 0 ? "" : " and asks to be left alone for " + retryAfterMs + " ms";
    return new FeedSignal.NotOpened(
        options.url() + " answered the handshake with HTTP " + status + wish,
        TOKEN_REFUSED.contains(status),
        retryAfterMs);
  }

  private static String why(Throwable failure, FeedOptions options) {
    if (find(failure, UnresolvedAddressException.class).isPresent()
        || find(failure, UnknownHostException.class).isPresent()) {
      return "the name " + options.url().getHost() + " is not known (DNS)";
    }
    Optional<CertificateException> certificate = find(failure, CertificateException.class);
    if (certificate.isPresent()) {
      return "the server's certificate is not trusted (TLS): "
          + describe(certificate.get())
          + ". If it is meant to be, name the file of its authority in "
          + FeedConfig.FEED_TLS_CA_FILE;
    }
    Optional<SSLException> tls = find(failure, SSLException.class);
    if (tls.isPresent()) {
      return "TLS failed: " + describe(tls.get());
    }
    if (find(failure, HttpTimeoutException.class).isPresent()) {
      return "no answer within " + options.connectTimeoutMs() + " ms";
    }
    if (find(failure, ConnectException.class).isPresent()) {
      return "nothing accepts a connection there: " + describe(failure);
    }
    return describe(failure);
  }

  /** The name and the message of what is below the wrappers. */
  static String describe(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof TimeoutException) {
      return "the time is over";
    }
    String name = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
  }

  private static Throwable unwrap(Throwable failure) {
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    return wrapped ? failure.getCause() : failure;
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return Optional.of(kind.cast(cause));
      }
    }
    return Optional.empty();
  }
}
