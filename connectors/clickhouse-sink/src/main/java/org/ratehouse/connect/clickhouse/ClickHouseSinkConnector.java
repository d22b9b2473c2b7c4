package org.ratehouse.connect.clickhouse;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes topics to ClickHouse tables that read as if each record was written once. */
public final class ClickHouseSinkConnector extends SinkConnector {
  static final String VERSION = version(ClickHouseSinkConnector.class.getPackage());

  private Map<String, String> options = Map.of();

  private static String version(Package jar) {
    return jar.getImplementationVersion() == null ? "unknown" : jar.getImplementationVersion();
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public ConfigDef config() {
    return ClickHouseSinkConfig.DEFINITION;
  }

  @Override
  public void start(Map<String, String> given) {
    // Refuses here what would otherwise fail in each task.
    new ClickHouseSinkConfig(given);
    options = Map.copyOf(given);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ClickHouseSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, options);
  }

  @Override
  public void stop() {
    // Nothing is held here: the tasks have the connections.
  }
}
