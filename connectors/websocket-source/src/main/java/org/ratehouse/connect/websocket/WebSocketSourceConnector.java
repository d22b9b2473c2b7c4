package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Writes the trades of one WebSocket feed to Kafka, accounting for every one of them. Each of the
 * feed's tokens is one connection and thus one task, whatever else tasks.max would allow.
 */
public final class WebSocketSourceConnector extends SourceConnector {

  private Map<String, String> properties;

  @Override
  public void start(Map<String, String> properties) {
    FeedOptions.from(properties);
    List<OptionConflict> conflicts = conflicts(properties);
    if (!conflicts.isEmpty()) {
      throw new ConfigException(
          conflicts.stream().map(OptionConflict::message).collect(Collectors.joining(" ")));
    }
    this.properties = Map.copyOf(properties);
  }

  private static List<OptionConflict> conflicts(Map<String, String> properties) {
    return OptionConflicts.in(FeedConfig.definition().validate(properties), properties);
  }

  /** Everything that is wrong, at once, each at its option. */
  @Override
  public Config validate(Map<String, String> properties) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    for (ConfigValue value : FeedConfig.definition().validate(properties)) {
      values.put(value.name(), value);
    }
    for (OptionConflict conflict : conflicts(properties)) {
      values
          .computeIfAbsent(conflict.option(), ConfigValue::new)
          .addErrorMessage(conflict.message());
    }
    ConfigValue url = values.get(FeedConfig.FEED_URL);
    if (!url.errorMessages().isEmpty()) {
      // What is wrong with it may be the secret in it, and the worker answers with the values.
      url.value(null);
    }
    return new Config(List.copyOf(values.values()));
  }

  @Override
  public Class<? extends Task> taskClass() {
    return WebSocketSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return IntStream.range(0, FeedOptions.from(properties).taskCount())
        .mapToObj(this::taskConfig)
        .toList();
  }

  /** The token stays as it came: so Kafka Connect stores the config provider's reference to it. */
  private Map<String, String> taskConfig(int index) {
    Map<String, String> config = new HashMap<>(properties);
    config.put(FeedConfig.TASK_INDEX, Integer.toString(index));
    return config;
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
