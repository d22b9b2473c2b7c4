package org.ratehouse.connect.websocket;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/** The options of the consumer that reads the topic of symbols. */
final class SymbolsConsumer {

  /** What the connector sets itself: with another value it would read something else, or less. */
  static final Map<String, Object> FIXED =
      Map.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          false,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "earliest",
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false);

  private SymbolsConsumer() {}

  /** Those that were given with the prefix, as they came, and the connector's own. */
  static Map<String, Object> options(AbstractConfig config) {
    Map<String, Object> options =
        new TreeMap<>(config.originalsWithPrefix(FeedConfig.FEED_SYMBOLS_CONSUMER_PREFIX));
    options.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        config.getString(FeedConfig.FEED_SYMBOLS_BOOTSTRAP_SERVERS));
    options.putAll(FIXED);
    return options;
  }
}
