package org.ratehouse.connect.clickhouse;

import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** The sink's options, checked. */
final class ClickHouseSinkConfig extends AbstractConfig {
  static final String URL = "clickhouse.url";
  static final String USERNAME = "clickhouse.username";
  static final String PASSWORD = "clickhouse.password";
  static final String DATABASE = "clickhouse.database";
  static final String CONNECT_TIMEOUT = "clickhouse.connect.timeout.ms";
  static final String SOCKET_TIMEOUT = "clickhouse.socket.timeout.ms";
  static final String TABLES = "topic.tables";
  static final String INCARNATIONS = "topic.incarnations";
  static final String MAX_ROWS = "insert.max.rows";
  static final String RETRY_BACKOFF = "retry.backoff.ms";

  private static final long FIRST_INCARNATION = 1;
  private static final int HOUR_MS = 3_600_000;

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              URL,
              Type.STRING,
              NO_DEFAULT_VALUE,
              LambdaValidator.with((name, value) -> checkUrl(value), () -> "http(s)://host:port"),
              Importance.HIGH,
              "ClickHouse's HTTP address, without credentials.")
          .define(
              USERNAME,
              Type.STRING,
              NO_DEFAULT_VALUE,
              new NonEmptyString(),
              Importance.HIGH,
              "User that may insert into the tables and read system.tables and system.columns.")
          .define(
              PASSWORD,
              Type.PASSWORD,
              NO_DEFAULT_VALUE,
              Importance.HIGH,
              "The user's password; give it by a config provider.")
          .define(
              DATABASE,
              Type.STRING,
              NO_DEFAULT_VALUE,
              LambdaValidator.with(
                  (name, value) -> TopicMap.identifier(name, (String) value), () -> "identifier"),
              Importance.HIGH,
              "Database of the tables.")
          .define(
              TABLES,
              Type.STRING,
              NO_DEFAULT_VALUE,
              LambdaValidator.with(
                  (name, value) -> TopicMap.tables(name, (String) value), () -> "topic=table,..."),
              Importance.HIGH,
              "The table of each topic. Two topics cannot share a table.")
          .define(
              INCARNATIONS,
              Type.STRING,
              "",
              LambdaValidator.with(
                  (name, value) -> TopicMap.incarnations(name, (String) value),
                  () -> "topic=number,..."),
              Importance.MEDIUM,
              "Number of each topic's life, 1 where none is given. Raise it when a topic was created"
                  + " anew or got other partitions, for its offsets then start over.")
          .define(
              CONNECT_TIMEOUT,
              Type.INT,
              10_000,
              between(1, HOUR_MS),
              Importance.LOW,
              "Longest wait for a connection.")
          .define(
              SOCKET_TIMEOUT,
              Type.INT,
              60_000,
              between(1, HOUR_MS),
              Importance.LOW,
              "Longest wait for the server to answer; an insert that takes longer is repeated.")
          .define(
              MAX_ROWS,
              Type.INT,
              50_000,
              between(1, 1_000_000),
              Importance.LOW,
              "Rows of one insert; a larger batch is split.")
          .define(
              RETRY_BACKOFF,
              Type.LONG,
              2_000L,
              between(1, HOUR_MS),
              Importance.LOW,
              "Wait before a batch is tried again.");

  ClickHouseSinkConfig(Map<String, String> options) {
    super(DEFINITION, options);
    Map<String, String> tables = tables();
    TopicMap.incarnations(INCARNATIONS, getString(INCARNATIONS)).keySet().stream()
        .filter(topic -> !tables.containsKey(topic))
        .forEach(topic -> refuse(INCARNATIONS + " names topic " + topic));
    topics(options).stream()
        .filter(topic -> !tables.containsKey(topic))
        .forEach(topic -> refuse("topics names topic " + topic));
  }

  Map<String, String> tables() {
    return TopicMap.tables(TABLES, getString(TABLES));
  }

  long incarnation(String topic) {
    return TopicMap.incarnations(INCARNATIONS, getString(INCARNATIONS))
        .getOrDefault(topic, FIRST_INCARNATION);
  }

  private static void refuse(String what) {
    throw new ConfigException(what + ", which " + TABLES + " gives no table");
  }

  private static List<String> topics(Map<String, String> options) {
    return Arrays.stream(options.getOrDefault("topics", "").split(","))
        .map(String::strip)
        .filter(topic -> !topic.isEmpty())
        .toList();
  }

  /** The message never repeats the value: what is wrong with it may be a password inside. */
  private static void checkUrl(Object value) {
    try {
      URI url = URI.create((String) value);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean bare = url.getRawUserInfo() == null && url.getRawQuery() == null;
      if (http && bare && url.getHost() != null) {
        return;
      }
    } catch (IllegalArgumentException notOne) {
      // Falls through: the parser's message would repeat the value.
    }
    throw new ConfigException(
        URL + " must be http(s)://host:port with no credentials and no parameters in it");
  }
}
