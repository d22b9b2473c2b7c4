package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedOptionsTest {

  private static String refusal(String... namesAndValues) {
    return assertThrows(ConfigException.class, () -> TestOptions.options(namesAndValues))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wss://ws.finnhub.io?token=hush", "wss://ws.finnhub.io/#hush", "wss://hush@host"})
  void aUrlWithASecretIsRefusedWithoutRepeatingIt(String url) {
    String message = refusal("feed.url", url);

    assertTrue(message.contains("put the token into feed.token"), message);
    assertFalse(message.contains("hush"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://ws.finnhub.io", "ws.finnhub.io", "wss:///path", "wss://a b", ""})
  void aUrlThatIsNoWebSocketIsRefused(String url) {
    assertTrue(refusal("feed.url", url).contains("feed.url"));
  }

  @ParameterizedTest
  @CsvSource({
    "feed.symbols,'A,,B'",
    "feed.name,''",
    "feed.venue,nowhere",
    "topic.trades,''",
    "topic.dlq,'a b'",
    "feed.symbols.topic,a/b",
    "frame.max.bytes,10",
    "connect.timeout.ms,0",
    "counts.interval.ms,0",
    "watchdog.ms,-1",
    "event.time.tolerance.ms,-2",
    "queue.max.trades,0",
    "worker.timeout.ms,999",
    "task.index,1"
  })
  void aValueThatCannotWorkIsRefusedByItsName(String name, String value) {
    assertTrue(refusal(name, value).contains(name));
  }

  @Test
  void symbolsAreTrimmedAndNamedOnce() {
    assertEquals(List.of("A", "B"), TestOptions.options("feed.symbols", " A, B ,A").symbols());
  }

  @Test
  void aTokenFromAFileLosesItsLineFeed() {
    assertEquals("abc", TestOptions.options("feed.token", "abc\n").token().value());
  }

  @Test
  void theTokenIsNotPrintedWithTheOptions() {
    String printed =
        TestOptions.options("feed.symbols.consumer.sasl.jaas.config", "password=hush").toString();

    assertFalse(printed.contains(TestOptions.TOKEN), printed);
    assertFalse(printed.contains("hush"), printed);
  }

  @Test
  void theSymbolsAreDealtOutAmongTheTokens() {
    FeedOptions second =
        TestOptions.options(
            "feed.token", "one, two\n", "feed.symbols", "A,B,C,B", "task.index", "1");

    assertEquals("two", second.token().value());
    assertEquals(2, second.taskCount());
    assertEquals(Shares.of(List.of("A", "B", "C"), 1, 2), second.symbols());
    assertEquals(Shares.of(List.of("X", "Y", "Z"), 1, 2), second.share(List.of("X", "Y", "Z")));
    assertEquals(
        Shares.of(List.of("X", "Y"), 1, 2), second.withSymbols(List.of("X", "Y")).symbols());
    assertEquals(List.of("X", "Y"), second.withSymbols(List.of("X", "Y")).feedSymbols());
  }

  @Test
  void onlyAnExplicitNoneFailsAtABadFrame() {
    assertTrue(TestOptions.options().toleratesBadFrames());
    assertFalse(TestOptions.options("errors.tolerance", "none").toleratesBadFrames());
  }

  @Test
  void optionsOfTheConsumerOfSymbolsAreHandedOn() {
    Map<String, Object> consumer =
        TestOptions.options(
                "feed.symbols.bootstrap.servers", "b:1",
                "feed.symbols.consumer.security.protocol", "SSL")
            .symbolsConsumer();

    assertEquals("b:1", consumer.get("bootstrap.servers"));
    assertEquals("SSL", consumer.get("security.protocol"));
    assertEquals("read_committed", consumer.get("isolation.level"));
  }

  @Test
  void everyOptionHasItsPlaceInAFormAndIsExplained() {
    Set<String> displayNames = new HashSet<>();
    for (ConfigDef.ConfigKey key : FeedConfig.definition().configKeys().values()) {
      assertTrue(key.documentation.endsWith("."), key.name);
      assertTrue(key.group != null && key.orderInGroup > 0, key.name);
      assertTrue(displayNames.add(key.group + key.displayName), key.name);
      assertTrue(!key.displayName.equals(key.name), key.name);
    }
  }
}
