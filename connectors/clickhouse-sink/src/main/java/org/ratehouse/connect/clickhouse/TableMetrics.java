package org.ratehouse.connect.clickhouse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.Value;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task does with one table, as metrics of Connect (KIP-877): MBeans of type plugins with the
 * tags connector, task and table. Connect removes them with the task.
 */
final class TableMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(TableMetrics.class);

  private final PluginMetrics plugin;
  private final LinkedHashMap<String, String> tags;
  // Sensors of all tasks of a worker share one space of names.
  private final String space = "clickhouse-sink-" + UUID.randomUUID() + "-";
  private final Sensor rows;
  private final Sensor bytes;
  private final Sensor insertMs;
  private final Sensor retries;
  private final Sensor refusals;
  private final Sensor errant;
  private final Sensor waitingRows;
  private final Sensor waitingBytes;

  TableMetrics(PluginMetrics plugin, String table) {
    this.plugin = plugin;
    tags = new LinkedHashMap<>(Map.of("table", table));
    rows = sensor("rows");
    add(rows, "rows-written-total", "Rows that the server has acknowledged", new CumulativeSum());
    add(rows, "rows-written-rate", "Rows acknowledged in a second", new Rate());
    bytes = sensor("bytes");
    add(bytes, "bytes-written-total", "Bytes of these rows, RowBinary", new CumulativeSum());
    insertMs = sensor("inserts");
    add(insertMs, "inserts-total", "Inserts acknowledged", new CumulativeCount());
    add(insertMs, "insert-time-ms-avg", "Mean time until an acknowledgement", new Avg());
    add(insertMs, "insert-time-ms-max", "Longest time until an acknowledgement", new Max());
    retries = counter("insert-retries-total", "Inserts that failed and are tried again");
    refusals = counter("inserts-refused-total", "Inserts that the server refused for a row");
    errant = counter("errant-records-total", "Records that went to the dead-letter queue");
    waitingRows = gauge("waiting-rows", "Rows taken and not acknowledged");
    waitingBytes = gauge("waiting-bytes", "Bytes of these rows");
  }

  void inserted(int count, int size, long tookMs) {
    rows.record(count);
    bytes.record(size);
    insertMs.record(tookMs);
  }

  void retried() {
    retries.record();
  }

  void refused() {
    refusals.record();
  }

  void errant() {
    errant.record();
  }

  void waiting(int count, long size) {
    waitingRows.record(count);
    waitingBytes.record(size);
  }

  private Sensor counter(String name, String about) {
    Sensor sensor = sensor(name);
    add(sensor, name, about, new CumulativeCount());
    return sensor;
  }

  private Sensor gauge(String name, String about) {
    Sensor sensor = sensor(name);
    add(sensor, name, about, new Value());
    return sensor;
  }

  private Sensor sensor(String name) {
    return plugin.addSensor(space + name);
  }

  private void add(Sensor sensor, String name, String about, MeasurableStat stat) {
    MetricName metric = plugin.metricName(name, about, tags);
    try {
      sensor.add(metric, stat);
    } catch (IllegalArgumentException e) {
      // A former task of the same name that has not come to its end: no reason to stop the sink.
      LOG.warn("{} is not shown, for it cannot be registered: {}", metric, e.getMessage());
    }
  }
}
