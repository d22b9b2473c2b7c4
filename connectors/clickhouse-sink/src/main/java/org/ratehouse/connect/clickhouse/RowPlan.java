package org.ratehouse.connect.clickhouse;

import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** How records of one shape become rows of one table. */
interface RowPlan {
  /** How a row is put on the wire. */
  enum Format {
    ROW_BINARY,
    /** Each value is preceded by a byte: 1 is the column's default, 0 the value that follows. */
    ROW_BINARY_WITH_DEFAULTS
  }

  /** The columns of a row in the order in which they are written. */
  List<String> columns();

  Format format();

  /** Appends the record's row; after a {@link Refusal} a part of it may be there. */
  void write(SinkRecord record, long incarnation, RowBinary out);

  static Refusal outOfRange(SinkRecord record, String field, ArithmeticException fault) {
    return new Refusal(
        Reason.VALUE_OUT_OF_RANGE,
        String.format("field %s of %s: %s", field, Coordinates.of(record), fault.getMessage()),
        fault);
  }
}
