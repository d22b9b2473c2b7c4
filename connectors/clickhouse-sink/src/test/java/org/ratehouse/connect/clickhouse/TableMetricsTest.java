package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;

class TableMetricsTest {
  @Test
  void a_task_starts_beside_a_former_one_of_its_name_that_has_not_ended() {
    try (Metrics worker = new Metrics()) {
      TableMetrics former = new TableMetrics(pluginOf(worker), "candles_1m_rows");
      TableMetrics next = new TableMetrics(pluginOf(worker), "candles_1m_rows");
      next.inserted(5, 100, 1);
      former.inserted(3, 60, 1);
      assertEquals(
          3.0, value(worker, "rows-written-total"), "the former's, as long as it is there");
    }
  }

  private static PluginMetricsImpl pluginOf(Metrics worker) {
    return new PluginMetricsImpl(worker, Map.of("connector", "silver", "task", "0"));
  }

  private static double value(Metrics worker, String name) {
    return worker.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .map(KafkaMetric::metricValue)
        .mapToDouble(Double.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
