package org.ratehouse.connect.websocket;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** The checked options of one feed; {@link FeedConfig} says what each means. */
record FeedOptions(
    String feed,
    Venue venue,
    URI url,
    Password token,
    int taskIndex,
    List<String> symbols,
    String symbolsTopic,
    String tlsCaFile,
    String tradesTopic,
    String eventsTopic,
    String dlqTopic,
    long timeToleranceMs,
    long countsIntervalMs,
    long pingIntervalMs,
    long watchdogMs,
    long symbolWatchdogMs,
    long lifeMs,
    long gapPaddingMs,
    long backoffInitialMs,
    long backoffMaxMs,
    long connectTimeoutMs,
    long connectRetryTimeoutMs,
    int frameMaxBytes,
    int queueMaxTrades,
    long queueMaxBytes,
    int batchMaxTrades,
    boolean toleratesBadFrames) {

  /** Throws ConfigException when an option is missing or wrong, with the option's name. */
  static FeedOptions from(Map<String, String> properties) {
    AbstractConfig config = new AbstractConfig(FeedConfig.definition(), properties, false);
    long backoffInitialMs = config.getLong(FeedConfig.BACKOFF_INITIAL_MS);
    long backoffMaxMs = config.getLong(FeedConfig.BACKOFF_MAX_MS);
    if (backoffInitialMs > backoffMaxMs) {
      throw new ConfigException(
          "%s is %d, which is more than %s, %d."
              .formatted(
                  FeedConfig.BACKOFF_INITIAL_MS,
                  backoffInitialMs,
                  FeedConfig.BACKOFF_MAX_MS,
                  backoffMaxMs));
    }
    return new FeedOptions(
        config.getString(FeedConfig.FEED_NAME),
        Venues.named(config.getString(FeedConfig.FEED_VENUE)),
        URI.create(config.getString(FeedConfig.FEED_URL)),
        // A secret that comes from a mounted file often ends with a line feed.
        new Password(config.getPassword(FeedConfig.FEED_TOKEN).value().strip()),
        0,
        config.getList(FeedConfig.FEED_SYMBOLS).stream().distinct().toList(),
        config.getString(FeedConfig.FEED_SYMBOLS_TOPIC),
        config.getString(FeedConfig.FEED_TLS_CA_FILE),
        config.getString(FeedConfig.TOPIC_TRADES),
        config.getString(FeedConfig.TOPIC_FEED_EVENTS),
        config.getString(FeedConfig.TOPIC_DLQ),
        config.getLong(FeedConfig.EVENT_TIME_TOLERANCE_MS),
        config.getLong(FeedConfig.COUNTS_INTERVAL_MS),
        config.getLong(FeedConfig.PING_INTERVAL_MS),
        config.getLong(FeedConfig.WATCHDOG_MS),
        config.getLong(FeedConfig.WATCHDOG_SYMBOL_MS),
        config.getLong(FeedConfig.CONNECTION_LIFE_MS),
        config.getLong(FeedConfig.GAP_PADDING_MS),
        backoffInitialMs,
        backoffMaxMs,
        config.getLong(FeedConfig.CONNECT_TIMEOUT_MS),
        config.getLong(FeedConfig.CONNECT_RETRY_TIMEOUT_MS),
        config.getInt(FeedConfig.FRAME_MAX_BYTES),
        config.getInt(FeedConfig.QUEUE_MAX_TRADES),
        config.getLong(FeedConfig.QUEUE_MAX_BYTES),
        config.getInt(FeedConfig.BATCH_MAX_TRADES),
        true);
  }
}
