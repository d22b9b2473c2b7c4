package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseSinkConfigTest {
  @Test
  void a_topic_lives_its_first_life_unless_told_otherwise() {
    var config =
        new ClickHouseSinkConfig(Fixtures.options("topic.incarnations", "moving-averages=3"));
    assertEquals(1, config.incarnation("candles-1m"));
    assertEquals(3, config.incarnation("moving-averages"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:hunter2@127.0.0.1:8123",
        "http://127.0.0.1:8123/?password=hunter2",
        "tcp://hunter2:9000",
        "http://hunter2 hunter2"
      })
  void a_refused_url_is_never_repeated(String url) {
    ConfigException refusal = refused("clickhouse.url", url);
    assertFalse(refusal.toString().contains("hunter2"), refusal.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topic.tables         | candles-1m",
        "topic.tables         | candles-1m=a.b,moving-averages=c",
        "topic.tables         | candles-1m=a,moving-averages=a",
        "topic.tables         | candles-1m=a,candles-1m=b",
        "topic.tables         | candles-1m=a",
        "topic.incarnations   | candles-1m=0",
        "topic.incarnations   | candles-1m=4294967296",
        "topic.incarnations   | candles-1m=first",
        "topic.incarnations   | trades=2",
        "clickhouse.database  | silver; DROP TABLE x",
        "insert.max.rows      | 0",
        "insert.max.bytes     | 1",
        "insert.quorum        | most",
        "topics.regex         | .*",
        "registry.url         | http://127.0.0.1:8081",
        "registry.url         | registry:8081",
        "registry.timeout.ms  | 0",
        "errors.tolerance     | all",
        "consumer.override.isolation.level | read_uncommitted"
      })
  void an_option_that_would_break_the_promise_is_refused(String option, String value) {
    refused(option, value);
  }

  @Test
  void the_password_is_not_in_what_the_configuration_prints() {
    var config = new ClickHouseSinkConfig(Fixtures.options());
    assertFalse(config.values().toString().contains("open sesame"));
  }

  @Test
  void connect_finds_the_plugin_and_gives_each_task_its_options() {
    var connector =
        ServiceLoader.load(SinkConnector.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(ClickHouseSinkConnector.class::isInstance)
            .findFirst()
            .orElseThrow();
    connector.start(Fixtures.options());
    assertEquals(3, connector.taskConfigs(3).size());
    assertTrue(connector.taskConfigs(1).contains(Fixtures.options()));
  }

  private static ConfigException refused(String option, String value) {
    return assertThrows(
        ConfigException.class,
        () -> new ClickHouseSinkConnector().start(Fixtures.options(option, value)));
  }
}
