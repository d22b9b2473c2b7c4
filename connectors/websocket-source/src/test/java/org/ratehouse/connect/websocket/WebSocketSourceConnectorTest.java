package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketSourceConnectorTest {

  private final WebSocketSourceConnector connector = new WebSocketSourceConnector();

  /** A whole configuration that keeps every promise, with these changes; "-" leaves one out. */
  private static Map<String, String> properties(String... namesAndValues) {
    Map<String, String> properties = TestOptions.properties();
    properties.put("exactly.once.support", "required");
    properties.put("offsets.storage.topic", "trades-test-offsets");
    properties.put("producer.override.transaction.timeout.ms", "900000");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    properties.values().removeIf("-"::equals);
    return properties;
  }

  /** What is said of each option that is refused. */
  private Map<String, String> refused(String... namesAndValues) {
    return refusedOf(properties(namesAndValues));
  }

  private Map<String, String> refusedOf(Map<String, String> properties) {
    Map<String, String> refused = new TreeMap<>();
    for (ConfigValue value : connector.validate(properties).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        refused.put(value.name(), String.join(" ", value.errorMessages()));
      }
    }
    return refused;
  }

  @Test
  void aConfigurationThatKeepsEveryPromiseIsTaken() {
    assertEquals(Map.of(), refused());
    connector.start(properties());
  }

  @ParameterizedTest
  @CsvSource({
    "exactly.once.support,-,found nothing",
    "exactly.once.support,requested,found requested",
    "transaction.boundary,interval,must be poll",
    "errors.tolerance,all,lost silently",
    "producer.override.transaction.timeout.ms,-,found nothing",
    "producer.override.transaction.timeout.ms,599999,found 599999",
    "producer.override.acks,1,must be all",
    "producer.override.enable.idempotence,false,would double trades",
    "offsets.storage.topic,-,found nothing",
    "offsets.storage.topic,trades,records would be mixed",
    "topic.dlq,feed-events,records would be mixed",
    "transforms.drop.type,org.apache.kafka.connect.transforms.Filter,drops records",
    "backoff.initial.ms,30001,'is 30001, which is more than backoff.max.ms, 30000'",
    "batch.max.trades,20001,'more than queue.max.trades, 20000'",
    "frame.max.bytes,33554433,'more than queue.max.bytes, 33554432'",
    "ping.interval.ms,60000,'not below watchdog.ms, 60000'",
    "feed.symbols,'',Neither",
    "feed.symbols.consumer.group.id,mine,Leave it out",
    "feed.url,wss://elsewhere.example,host elsewhere.example",
    "feed.url,ws://ws.finnhub.io,in the clear",
    "feed.url,wss://127.0.0.1.elsewhere.example,host 127.0.0.1.elsewhere.example",
    "feed.token,'same,same',the same token twice",
    "feed.token,'a,b,c',3 tokens for 2 symbols",
  })
  void whatWouldBreakAPromiseIsRefusedAtItsOptionWithTheReason(
      String option, String value, String reason) {
    Map<String, String> refused = refused(option, value);

    String said = refused.getOrDefault(option, "");
    assertTrue(said.contains(reason), refused.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wss://ws.finnhub.io", "ws://localhost:1", "wss://127.1.2.3:1/p", "ws://[::1]:1"})
  void theVenuesOwnHostAndLoopbackAreTaken(String url) {
    assertEquals(Map.of(), refused("feed.url", url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trades-replay.json", "trades-finnhub.json", "trades-binance.json"})
  void theConfigurationsOfThisRepositoryAreTaken(String file) throws Exception {
    Map<String, String> config = new HashMap<>();
    new ObjectMapper()
        .readTree(new File("../config", file))
        .properties()
        .forEach(option -> config.put(option.getKey(), option.getValue().asText()));
    config.replace("feed.url", "${RATEHOUSE_REPLAY_URL}", "ws://127.0.0.1:1");
    assertEquals(Map.of(), refusedOf(config), "with its own symbols");

    config.remove("feed.symbols");
    config.put("feed.symbols.topic", "feed-symbols");
    config.put("feed.symbols.bootstrap.servers", "127.0.0.1:1");
    assertEquals(Map.of(), refusedOf(config), "with a topic of symbols");
  }

  @Test
  void aSymbolThatCannotBeTheVenuesIsRefused() {
    Map<String, String> refused =
        refused("feed.venue", "binance", "feed.symbols", "BTCUSDT,ethusdt", "feed.token", "");

    assertTrue(refused.get("feed.symbols").contains("not like ethusdt"), refused.toString());
  }

  @Test
  void moreSymbolsThanTheVenueTakesOnAConnectionAreRefused() {
    String symbols =
        IntStream.range(0, 1_025).mapToObj(i -> "S" + i).collect(Collectors.joining(","));
    Map<String, String> refused =
        refused("feed.venue", "binance", "feed.symbols", symbols, "feed.token", "");

    assertTrue(refused.get("feed.symbols").contains("takes 1024 on one"), refused.toString());
  }

  @Test
  void aWatchdogThatIsOffAllowsAnyPing() {
    assertEquals(
        Map.of(),
        refused("ping.interval.ms", "600000", "watchdog.ms", "0", "watchdog.symbol.ms", "0"));
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    Map<String, String> refused =
        refused(
            "exactly.once.support", "requested",
            "errors.tolerance", "all",
            "queue.max.trades", "0",
            "feed.venue", "nowhere",
            "feed.symbols.topic", "symbols");

    assertEquals(
        List.of(
            "errors.tolerance",
            "exactly.once.support",
            "feed.symbols",
            "feed.symbols.bootstrap.servers",
            "feed.venue",
            "queue.max.trades"),
        List.copyOf(refused.keySet()));
  }

  @Test
  void aConfigurationThatWasNotValidatedIsRefusedAtTheStartToo() {
    ConfigException refusal =
        assertThrows(
            ConfigException.class, () -> connector.start(properties("errors.tolerance", "all")));

    assertTrue(refusal.getMessage().contains("errors.tolerance must not be all"));
  }

  @Test
  void noAnswerHoldsASecret() {
    Map<String, String> properties =
        properties(
            "feed.url", "wss://ws.finnhub.io?token=hush",
            "feed.token", "hush,hush",
            "feed.symbols.consumer.group.id", "hush");

    connector
        .validate(properties)
        .configValues()
        .forEach(value -> assertFalse(value.toString().contains("hush"), value.toString()));
    assertFalse(
        assertThrows(ConfigException.class, () -> connector.start(properties))
            .getMessage()
            .contains("hush"));
  }

  @Test
  void aRefusedUrlIsNotRepeatedByTheWorker() {
    ConfigValue url =
        connector.validate(properties("feed.url", "wss://h?token=hush")).configValues().stream()
            .filter(value -> value.name().equals("feed.url"))
            .findFirst()
            .orElseThrow();

    assertNull(url.value());
  }

  @Test
  void everyTokenIsATask() {
    Map<String, String> properties = properties("feed.token", "one,two", "tasks.max", "2");
    assertEquals(Map.of(), refused("feed.token", "one,two", "tasks.max", "2"));
    connector.start(properties);

    Map<String, String> first = new HashMap<>(properties);
    first.put("task.index", "0");
    Map<String, String> second = new HashMap<>(properties);
    second.put("task.index", "1");
    assertEquals(List.of(first, second), connector.taskConfigs(2));
  }

  @Test
  void moreTokensThanTasksAreRefused() {
    assertEquals(
        "feed.token holds 2 tokens, which make as many tasks, but tasks.max is 1. Raise it to 2.",
        refused("feed.token", "one two").get("tasks.max"));
  }

  @Test
  void itIsExactlyOnceAndAPollIsATransaction() {
    assertEquals(WebSocketSourceTask.class, connector.taskClass());
    assertEquals(ExactlyOnceSupport.SUPPORTED, connector.exactlyOnceSupport(properties()));
    assertEquals(
        ConnectorTransactionBoundaries.UNSUPPORTED,
        connector.canDefineTransactionBoundaries(properties()));
  }

  @Test
  void connectFindsItWithoutScanningItsClasses() {
    assertTrue(
        ServiceLoader.load(SourceConnector.class).stream()
            .anyMatch(found -> found.type() == WebSocketSourceConnector.class));
  }
}
