package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
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
    "feed.symbols,''",
    "feed.symbols,'A,,B'",
    "feed.name,''",
    "feed.venue,nowhere",
    "topic.trades,''",
    "counts.interval.ms,0",
    "watchdog.ms,-1",
    "event.time.tolerance.ms,-2",
    "queue.max.trades,0",
    "backoff.initial.ms,60000"
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
    assertFalse(TestOptions.options().toString().contains(TestOptions.TOKEN));
  }

  @Test
  void aFeedIsOneTaskThatIsExactlyOnce() {
    WebSocketSourceConnector connector = new WebSocketSourceConnector();
    Map<String, String> properties = TestOptions.properties();
    connector.start(properties);

    assertEquals(List.of(properties), connector.taskConfigs(8));
    assertEquals(WebSocketSourceTask.class, connector.taskClass());
    assertEquals(ExactlyOnceSupport.SUPPORTED, connector.exactlyOnceSupport(properties));
    assertEquals(
        ConnectorTransactionBoundaries.UNSUPPORTED,
        connector.canDefineTransactionBoundaries(properties));
  }

  @Test
  void connectFindsTheConnectorWithoutScanningItsClasses() {
    assertTrue(
        ServiceLoader.load(SourceConnector.class).stream()
            .anyMatch(found -> found.type() == WebSocketSourceConnector.class));
  }

  @Test
  void everyOptionIsDocumented() {
    new WebSocketSourceConnector()
        .config()
        .configKeys()
        .values()
        .forEach(key -> assertFalse(key.documentation.isBlank(), key.name));
  }
}
