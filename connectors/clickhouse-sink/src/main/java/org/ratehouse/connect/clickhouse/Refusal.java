package org.ratehouse.connect.clickhouse;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Why the sink stops rather than write something else than it was given. */
final class Refusal extends ConnectException {
  private static final long serialVersionUID = 1L;

  enum Reason {
    TABLE_MISSING(false),
    TABLE_ENGINE(false),
    TABLE_VERSION(false),
    TABLE_KEY(false),
    TABLE_COLUMNS(false),
    TOPIC_WITHOUT_TABLE(false),
    SCHEMA_MISMATCH(false),
    SCHEMA_EVOLUTION(false),
    CLICKHOUSE_FAILED(false),
    REGISTRY_FAILED(false),
    SCHEMA_UNREADABLE(false),
    RECORD_SHAPE(true),
    VALUE_OUT_OF_RANGE(true),
    ROW_REFUSED(true);

    private final boolean ofRecord;

    Reason(boolean ofRecord) {
      this.ofRecord = ofRecord;
    }

    /** Whether it is this record's fault alone, so that those beside it can be written. */
    boolean ofRecord() {
      return ofRecord;
    }
  }

  private final Reason reason;

  Refusal(Reason reason, String message) {
    this(reason, message, null);
  }

  Refusal(Reason reason, String message, Throwable cause) {
    super(reason + ": " + message, cause);
    this.reason = reason;
  }

  /** Throws what was found, in one message; nothing when nothing was. */
  static void throwAny(List<Refusal> found) {
    if (found.size() == 1) {
      throw found.get(0);
    }
    if (!found.isEmpty()) {
      String all = found.stream().map(Refusal::what).collect(Collectors.joining("; "));
      throw new Refusal(found.get(0).reason(), all);
    }
  }

  private String what() {
    return getMessage().substring((reason + ": ").length());
  }

  Reason reason() {
    return reason;
  }
}
