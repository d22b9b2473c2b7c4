package org.ratehouse.connect.clickhouse;

import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A call to ClickHouse that failed, and whether the same call may succeed later. */
final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * What a proxy or a load balancer in front of the server says while there is nobody behind it.
   */
  private static final Set<Integer> HTTP_UNAVAILABLE = Set.of(408, 429, 502, 503, 504);

  /** Says TOO_MANY_PARTS too, but of this insert alone: it passes when the insert is split. */
  private static final Pattern ONE_INSERT_TOO_WIDE =
      Pattern.compile("Too many partitions for (a )?single INSERT block");

  enum Kind {
    /** It passes by itself, or once somebody has made room. */
    RETRIABLE,
    /** The server answered, and will answer the same again. */
    REFUSED,
    /** Neither: TLS that is not trusted, or a fault of the client. */
    BROKEN
  }

  private final Kind kind;

  private StoreFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  boolean retriable() {
    return kind == Kind.RETRIABLE;
  }

  static StoreFailure of(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof ExecutionException || failure instanceof CompletionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    for (Throwable link = failure; link != null; link = link.getCause()) {
      if (link instanceof ServerException server) {
        return ofServer(server);
      }
    }
    for (Throwable link = failure; link != null; link = link.getCause()) {
      if (link instanceof SSLHandshakeException || link instanceof SSLPeerUnverifiedException) {
        return new StoreFailure(Kind.BROKEN, "TLS failed: " + link.getMessage(), failure);
      }
      if (link instanceof IOException || link instanceof TimeoutException) {
        String kind = link.getClass().getSimpleName();
        return new StoreFailure(Kind.RETRIABLE, kind + ": " + link.getMessage(), failure);
      }
    }
    Kind kind = failure instanceof ConnectionInitiationException ? Kind.RETRIABLE : Kind.BROKEN;
    String name = failure.getClass().getSimpleName();
    return new StoreFailure(kind, name + ": " + failure.getMessage(), failure);
  }

  private static StoreFailure ofServer(ServerException server) {
    return new StoreFailure(kind(server), server.getMessage(), server);
  }

  private static Kind kind(ServerException server) {
    if (server.getCode() <= 0) {
      boolean unavailable = HTTP_UNAVAILABLE.contains(server.getTransportProtocolCode());
      return unavailable ? Kind.RETRIABLE : Kind.BROKEN;
    }
    boolean passes =
        ClickHouseError.retriable(server.getCode()).isPresent()
            && !ONE_INSERT_TOO_WIDE.matcher(server.getMessage()).find();
    return passes ? Kind.RETRIABLE : Kind.REFUSED;
  }
}
