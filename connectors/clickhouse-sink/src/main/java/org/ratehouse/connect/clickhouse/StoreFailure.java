package org.ratehouse.connect.clickhouse;

import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A call to ClickHouse that failed, and whether the same call may succeed later. */
final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * What a proxy or a load balancer in front of the server says while there is nobody behind it.
   */
  private static final Set<Integer> HTTP_UNAVAILABLE = Set.of(408, 429, 502, 503, 504);

  private final boolean retriable;

  private StoreFailure(boolean retriable, String message, Throwable cause) {
    super(message, cause);
    this.retriable = retriable;
  }

  boolean retriable() {
    return retriable;
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
        return new StoreFailure(false, "TLS failed: " + link.getMessage(), failure);
      }
      if (link instanceof IOException || link instanceof TimeoutException) {
        String kind = link.getClass().getSimpleName();
        return new StoreFailure(true, kind + ": " + link.getMessage(), failure);
      }
    }
    boolean retriable = failure instanceof ConnectionInitiationException;
    String kind = failure.getClass().getSimpleName();
    return new StoreFailure(retriable, kind + ": " + failure.getMessage(), failure);
  }

  private static StoreFailure ofServer(ServerException server) {
    boolean retriable =
        ClickHouseError.retriable(server.getCode()).isPresent()
            || (server.getCode() <= 0
                && HTTP_UNAVAILABLE.contains(server.getTransportProtocolCode()));
    return new StoreFailure(retriable, server.getMessage(), server);
  }
}
