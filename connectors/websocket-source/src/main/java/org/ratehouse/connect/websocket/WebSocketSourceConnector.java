package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Writes the trades of one WebSocket feed to Kafka, accounting for every one of them. One feed is
 * one connection and thus one task, whatever tasks.max says.
 */
public final class WebSocketSourceConnector extends SourceConnector {

  private Map<String, String> properties;

  @Override
  public void start(Map<String, String> properties) {
    FeedOptions.from(properties);
    this.properties = Map.copyOf(properties);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return WebSocketSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(properties);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return FeedConfig.definition();
  }

  @Override
  public String version() {
    return PluginVersion.get();
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  /** The boundary is the poll, which the worker draws by itself. */
  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
      Map<String, String> properties) {
    return ConnectorTransactionBoundaries.UNSUPPORTED;
  }
}
