package org.ratehouse.connect.clickhouse;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.ratehouse.connect.clickhouse.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each batch before {@link #put} returns, so the offsets that Connect commits are always
 * those of rows which the server has acknowledged.
 */
public final class ClickHouseSinkTask extends SinkTask {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseSinkTask.class);

  private final Map<String, TableWriter> writers = new LinkedHashMap<>();
  private TableStore store;
  private long backoffMs;

  @Override
  public String version() {
    return ClickHouseSinkConnector.VERSION;
  }

  @Override
  public void start(Map<String, String> options) {
    ClickHouseSinkConfig config = new ClickHouseSinkConfig(options);
    start(config, new ClickHouseStore(config));
  }

  void start(ClickHouseSinkConfig config, TableStore tables) {
    store = tables;
    backoffMs = config.getLong(ClickHouseSinkConfig.RETRY_BACKOFF);
    int maxRows = config.getInt(ClickHouseSinkConfig.MAX_ROWS);
    config
        .tables()
        .forEach(
            (topic, table) ->
                writers.put(
                    topic, new TableWriter(store, table, config.incarnation(topic), maxRows)));
    try {
      writers.values().forEach(TableWriter::open);
    } catch (RetriableException unreachable) {
      // Connect fails a task whose start throws; the first batch asks again and is repeated.
      LOG.warn("ClickHouse could not be asked for its tables yet. {}", unreachable.getMessage());
    }
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    try {
      for (SinkRecord record : records) {
        writer(record).add(record);
      }
      writers.values().forEach(TableWriter::flush);
    } catch (RetriableException later) {
      // Without it Connect waits for its next offset commit, a minute by default.
      context.timeout(backoffMs);
      throw later;
    } finally {
      writers.values().forEach(TableWriter::discard);
    }
  }

  private TableWriter writer(SinkRecord record) {
    TableWriter writer = writers.get(record.originalTopic());
    if (writer == null) {
      throw new Refusal(
          Reason.TOPIC_WITHOUT_TABLE,
          String.format(
              "%s has no table; name its topic in %s",
              Coordinates.of(record), ClickHouseSinkConfig.TABLES));
    }
    return writer;
  }

  @Override
  public void stop() {
    // Connect calls it after a failed start too.
    if (store != null) {
      store.close();
    }
  }
}
