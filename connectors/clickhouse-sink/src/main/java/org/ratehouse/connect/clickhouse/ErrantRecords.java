package org.ratehouse.connect.clickhouse;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;

/** What becomes of a record that cannot be written: the dead-letter queue, or the task fails. */
final class ErrantRecords {
  private static final long REPORT_SECONDS = 60;

  private final ErrantRecordReporter reporter;

  /**
   * @param reporter Connect's, or null when errors are not tolerated
   */
  ErrantRecords(ErrantRecordReporter reporter) {
    this.reporter = reporter;
  }

  /** Whether a record is asked for when it is reported. */
  boolean keeps() {
    return reporter != null;
  }

  /**
   * Returns when the record is in the dead-letter queue. Connect does not wait for reports that are
   * made while it commits, so it is waited for here.
   */
  void report(SinkRecord record, Refusal reason) {
    if (reporter == null) {
      throw reason;
    }
    try {
      reporter.report(record, reason).get(REPORT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while a record was reported", reason);
    } catch (ExecutionException | TimeoutException failed) {
      throw new ConnectException(
          Coordinates.of(record) + " could not be written to the dead-letter queue", failed);
    }
  }
}
