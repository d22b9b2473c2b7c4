package org.ratehouse.connect.websocket;

import org.apache.kafka.connect.errors.ConnectException;

/** What a task fails with when its reader died of something that nobody foresaw. */
final class ReaderFailure {

  private ReaderFailure() {}

  /** The cause is kept unless it holds the token, as exceptions that repeat an address do. */
  static ConnectException of(String feed, Throwable cause, Redaction redaction) {
    String message =
        "The reader of feed %s died of a fault of its own: %s. The trades since its last record are"
                .formatted(feed, redaction.reason(ConnectFailure.describe(cause)))
            + " reported as a gap when the task is restarted.";
    ConnectException failure = new ConnectException(message);
    if (isHarmless(cause, redaction)) {
      failure.initCause(cause);
    } else {
      failure.setStackTrace(cause.getStackTrace());
    }
    return failure;
  }

  private static boolean isHarmless(Throwable failure, Redaction redaction) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = cause.toString();
      if (!redaction.payload(text).equals(text)) {
        return false;
      }
    }
    return true;
  }
}
