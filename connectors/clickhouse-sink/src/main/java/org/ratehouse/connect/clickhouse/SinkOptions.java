package org.ratehouse.connect.clickhouse;

import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.net.URI;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The sink's options in their groups, each checked by itself. */
final class SinkOptions {
  static final String URL = "clickhouse.url";
  static final String USERNAME = "clickhouse.username";
  static final String PASSWORD = "clickhouse.password";
  static final String DATABASE = "clickhouse.database";
  static final String CONNECT_TIMEOUT = "clickhouse.connect.timeout.ms";
  static final String SOCKET_TIMEOUT = "clickhouse.socket.timeout.ms";
  static final String QUORUM = "insert.quorum";
  static final String TABLES = "topic.tables";
  static final String INCARNATIONS = "topic.incarnations";
  static final String REGISTRY_URL = "registry.url";
  static final String REGISTRY_USERNAME = "registry.username";
  static final String REGISTRY_PASSWORD = "registry.password";
  static final String REGISTRY_TIMEOUT = "registry.timeout.ms";
  static final String EVOLUTION = "schema.evolution";
  static final String MAX_ROWS = "insert.max.rows";
  static final String MAX_BYTES = "insert.max.bytes";
  static final String LINGER = "insert.linger.ms";
  static final String RETRY_BACKOFF = "retry.backoff.ms";
  static final String RETRY_BACKOFF_MAX = "retry.backoff.max.ms";

  private static final int HOUR_MS = 3_600_000;
  // A task that waits longer than Connect's consumer may (max.poll.interval.ms) loses its topics.
  private static final int SOCKET_MAX_MS = 240_000;
  private static final Pattern QUORUM_VALUE = Pattern.compile("auto|[0-9]{1,3}");

  private SinkOptions() {}

  static ConfigDef definition() {
    ConfigDef all = new ConfigDef();
    connection(new Group(all, "Connection"));
    tables(new Group(all, "Tables"));
    registry(new Group(all, "Schema registry"));
    batches(new Group(all, "Batches"));
    retries(new Group(all, "Retries"));
    return all;
  }

  private static void connection(Group group) {
    group
        .required(URL, Type.STRING, checked(SinkOptions::checkUrl), "HTTP address, no credentials.")
        .required(
            USERNAME,
            Type.STRING,
            new NonEmptyString(),
            "User that may insert into the tables and read system.tables and system.columns.")
        .required(PASSWORD, Type.PASSWORD, null, "The user's password; by a config provider.")
        .required(
            DATABASE,
            Type.STRING,
            checked((name, value) -> TopicMap.identifier(name, (String) value)),
            "Database of the tables.")
        .option(
            CONNECT_TIMEOUT, Type.INT, 10_000, between(1, 60_000), "Longest wait for a connection.")
        .option(
            SOCKET_TIMEOUT,
            Type.INT,
            60_000,
            between(1, SOCKET_MAX_MS),
            "Longest wait for the server to answer; an insert that takes longer is repeated.");
  }

  private static void tables(Group group) {
    group
        .required(
            TABLES,
            Type.STRING,
            checked((name, value) -> TopicMap.tables(name, (String) value)),
            "topic=table,... : the table of each topic. Two topics cannot share a table.")
        .option(
            INCARNATIONS,
            Type.STRING,
            "",
            checked((name, value) -> TopicMap.incarnations(name, (String) value)),
            "topic=number,... : each topic's life, 1 where none is given. Raise it when a topic was"
                + " created anew or got other partitions, for its offsets then start over.")
        .option(
            EVOLUTION,
            Type.BOOLEAN,
            false,
            null,
            "Whether a new field of a schema adds a column; otherwise it is refused.")
        .option(
            QUORUM,
            Type.STRING,
            "auto",
            checked(SinkOptions::checkQuorum),
            "Replicas of a Replicated table that acknowledge an insert: auto is the majority, 0"
                + " the one that was asked, which may take the rows with it.");
  }

  private static void registry(Group group) {
    group
        .option(
            REGISTRY_URL,
            Type.STRING,
            "",
            checked(SinkOptions::checkRegistry),
            "Address of a registry that answers as Confluent's does. With it the sink reads Avro"
                + " itself, from bytes: value.converter must be Kafka's ByteArrayConverter.")
        .option(REGISTRY_USERNAME, Type.STRING, "", null, "User of the registry, if it asks.")
        .option(REGISTRY_PASSWORD, Type.PASSWORD, "", null, "Its password; by a config provider.")
        .option(
            REGISTRY_TIMEOUT,
            Type.INT,
            10_000,
            between(1, 60_000),
            "Longest wait for the registry, which is asked again until it answers.");
  }

  private static void batches(Group group) {
    group
        .option(MAX_ROWS, Type.INT, 50_000, between(1, 1_000_000), "Rows of one insert at most.")
        .option(
            MAX_BYTES,
            Type.INT,
            16 * 1024 * 1024,
            between(1024, 512 * 1024 * 1024),
            "Bytes of one insert, uncompressed; the row that reaches them is the last.")
        .option(
            LINGER,
            Type.INT,
            500,
            between(0, HOUR_MS),
            "Time between two inserts that are not full, so the longest wait of a row for others.");
  }

  private static void retries(Group group) {
    group
        .option(RETRY_BACKOFF, Type.LONG, 500L, between(1, HOUR_MS), "First wait before a new try.")
        .option(
            RETRY_BACKOFF_MAX,
            Type.LONG,
            30_000L,
            between(1, HOUR_MS),
            "Longest wait before a new try; the wait doubles until then.");
  }

  /** Defines options one after the other in the group's order. */
  private static final class Group {
    private final ConfigDef all;
    private final String name;
    private int order;

    Group(ConfigDef all, String name) {
      this.all = all;
      this.name = name;
    }

    Group required(String option, Type type, Validator validator, String about) {
      return define(option, type, NO_DEFAULT_VALUE, validator, Importance.HIGH, about);
    }

    Group option(String option, Type type, Object standard, Validator validator, String about) {
      return define(option, type, standard, validator, Importance.MEDIUM, about);
    }

    private Group define(
        String option,
        Type type,
        Object standard,
        Validator validator,
        Importance importance,
        String about) {
      all.define(
          option,
          type,
          standard,
          validator,
          importance,
          about,
          name,
          order++,
          Width.MEDIUM,
          option);
      return this;
    }
  }

  private static Validator checked(Validator check) {
    // ConfigDef's pages show a validator by its text.
    return LambdaValidator.with(check::ensureValid, () -> "see the description");
  }

  private static void checkQuorum(String name, Object value) {
    if (!QUORUM_VALUE.matcher((String) value).matches()) {
      throw new ConfigException(name + " has " + value + ", wanted auto or a number of replicas");
    }
  }

  private static void checkRegistry(String name, Object value) {
    if (!"".equals(value)) {
      checkUrl(name, value);
    }
  }

  /** The message never repeats the value: what is wrong with it may be a password inside. */
  private static void checkUrl(String name, Object value) {
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
        name + " must be http(s)://host:port with no credentials and no parameters in it");
  }
}
