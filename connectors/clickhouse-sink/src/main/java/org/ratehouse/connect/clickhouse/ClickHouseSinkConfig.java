package org.ratehouse.connect.clickhouse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The sink's options, checked against each other and against Connect's own. */
final class ClickHouseSinkConfig extends AbstractConfig {
  static final ConfigDef DEFINITION = SinkOptions.definition();

  private static final String TOLERANCE = "errors.tolerance";
  private static final String DEAD_LETTERS = "errors.deadletterqueue.topic.name";
  private static final String ISOLATION = "consumer.override.isolation.level";
  private static final String CONVERTER = "value.converter";
  private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
  private static final long FIRST_INCARNATION = 1;

  private final Map<String, String> options;

  ClickHouseSinkConfig(Map<String, String> options) {
    super(DEFINITION, options);
    this.options = Map.copyOf(options);
    Map<String, String> tables = tables();
    incarnations().keySet().stream()
        .filter(topic -> !tables.containsKey(topic))
        .forEach(topic -> refuse(SinkOptions.INCARNATIONS + " names topic " + topic));
    if (options.containsKey("topics.regex")) {
      throw new ConfigException(
          "topics.regex lets topics in that have no table; name each in topics");
    }
    topics().stream()
        .filter(topic -> !tables.containsKey(topic))
        .forEach(topic -> refuse("topics names topic " + topic));
    if (!"read_committed".equals(options.get(ISOLATION))) {
      throw new ConfigException(
          ISOLATION + " must be read_committed, or rows of transactions that failed are written");
    }
    if (readsAvro() && !BYTES.equals(options.get(CONVERTER))) {
      throw new ConfigException(
          SinkOptions.REGISTRY_URL
              + " has the sink read Avro itself, so "
              + CONVERTER
              + " must be "
              + BYTES);
    }
    if (toleratesErrors() && options.getOrDefault(DEAD_LETTERS, "").isBlank()) {
      throw new ConfigException(
          TOLERANCE + "=all without " + DEAD_LETTERS + " would lose each record that is refused");
    }
  }

  Map<String, String> tables() {
    return TopicMap.tables(SinkOptions.TABLES, getString(SinkOptions.TABLES));
  }

  /** The topics with their tables and lives. */
  List<TopicTable> targets() {
    return tables().entrySet().stream()
        .map(entry -> new TopicTable(entry.getKey(), entry.getValue(), incarnation(entry.getKey())))
        .toList();
  }

  long incarnation(String topic) {
    return incarnations().getOrDefault(topic, FIRST_INCARNATION);
  }

  BatchLimits limits() {
    return new BatchLimits(
        getInt(SinkOptions.MAX_ROWS), getInt(SinkOptions.MAX_BYTES), getInt(SinkOptions.LINGER));
  }

  /** Whether a record that cannot be written goes to Connect's dead-letter queue. */
  boolean toleratesErrors() {
    return "all".equalsIgnoreCase(options.get(TOLERANCE));
  }

  /** Whether values come as they are in Kafka, and not from a converter that has read them. */
  boolean readsAvro() {
    return !getString(SinkOptions.REGISTRY_URL).isEmpty();
  }

  private Map<String, Long> incarnations() {
    return TopicMap.incarnations(SinkOptions.INCARNATIONS, getString(SinkOptions.INCARNATIONS));
  }

  private static void refuse(String what) {
    throw new ConfigException(what + ", which " + SinkOptions.TABLES + " gives no table");
  }

  private List<String> topics() {
    return Arrays.stream(options.getOrDefault("topics", "").split(","))
        .map(String::strip)
        .filter(topic -> !topic.isEmpty())
        .toList();
  }
}
