package org.ratehouse.connect.clickhouse;

import org.apache.kafka.connect.errors.ConnectException;

/** Why the sink stops rather than write something else than it was given. */
final class Refusal extends ConnectException {
  private static final long serialVersionUID = 1L;

  enum Reason {
    TABLE_MISSING,
    TABLE_ENGINE,
    TABLE_VERSION,
    TABLE_COLUMNS,
    TOPIC_WITHOUT_TABLE,
    SCHEMA_MISMATCH,
    RECORD_SHAPE,
    VALUE_OUT_OF_RANGE,
    CLICKHOUSE_FAILED
  }

  private final Reason reason;

  Refusal(Reason reason, String message) {
    this(reason, message, null);
  }

  Refusal(Reason reason, String message, Throwable cause) {
    super(reason + ": " + message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
