package org.ratehouse.connect.websocket;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * The options of one task of a feed; {@link FeedConfig} says what each means. Whether they fit
 * together is looked at once, by the connector ({@link OptionConflicts}).
 *
 * @param token this task's own
 * @param taskIndex which of the feed's tasks this is, from 0
 * @param taskCount how many there are: as many as tokens
 * @param feedSymbols all symbols of the feed, its tasks' together; empty when a topic has them
 * @param symbols this task's share of them
 * @param symbolsConsumer options of the consumer of the topic of symbols, secrets among them
 */
record FeedOptions(
    String feed,
    Venue venue,
    URI url,
    Password token,
    int taskIndex,
    int taskCount,
    List<String> feedSymbols,
    List<String> symbols,
    String symbolsTopic,
    Map<String, Object> symbolsConsumer,
    String tlsCaFile,
    String tradesTopic,
    String eventsTopic,
    String dlqTopic,
    FeedContracts contracts,
    long timeToleranceMs,
    long countsIntervalMs,
    long pingIntervalMs,
    long pongTimeoutMs,
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
    long workerTimeoutMs,
    boolean toleratesBadFrames) {

  /** Throws ConfigException when an option is missing or wrong, with the option's name. */
  static FeedOptions from(Map<String, String> properties) {
    AbstractConfig config = new AbstractConfig(FeedConfig.definition(), properties, false);
    List<String> tokens = Tokens.of(config.getPassword(FeedConfig.FEED_TOKEN));
    int taskCount = Math.max(1, tokens.size());
    int taskIndex = taskIndex(properties, taskCount);
    FeedOptions options =
        new FeedOptions(
            config.getString(FeedConfig.FEED_NAME),
            Venues.named(config.getString(FeedConfig.FEED_VENUE)),
            URI.create(config.getString(FeedConfig.FEED_URL)),
            new Password(tokens.isEmpty() ? "" : tokens.get(taskIndex)),
            taskIndex,
            taskCount,
            List.of(),
            List.of(),
            config.getString(FeedConfig.FEED_SYMBOLS_TOPIC),
            SymbolsConsumer.options(config),
            config.getString(FeedConfig.FEED_TLS_CA_FILE),
            config.getString(FeedConfig.TOPIC_TRADES),
            config.getString(FeedConfig.TOPIC_FEED_EVENTS),
            config.getString(FeedConfig.TOPIC_DLQ),
            FeedContracts.from(config),
            config.getLong(FeedConfig.EVENT_TIME_TOLERANCE_MS),
            config.getLong(FeedConfig.COUNTS_INTERVAL_MS),
            config.getLong(FeedConfig.PING_INTERVAL_MS),
            config.getLong(FeedConfig.PONG_TIMEOUT_MS),
            config.getLong(FeedConfig.WATCHDOG_MS),
            config.getLong(FeedConfig.WATCHDOG_SYMBOL_MS),
            config.getLong(FeedConfig.CONNECTION_LIFE_MS),
            config.getLong(FeedConfig.GAP_PADDING_MS),
            config.getLong(FeedConfig.BACKOFF_INITIAL_MS),
            config.getLong(FeedConfig.BACKOFF_MAX_MS),
            config.getLong(FeedConfig.CONNECT_TIMEOUT_MS),
            config.getLong(FeedConfig.CONNECT_RETRY_TIMEOUT_MS),
            config.getInt(FeedConfig.FRAME_MAX_BYTES),
            config.getInt(FeedConfig.QUEUE_MAX_TRADES),
            config.getLong(FeedConfig.QUEUE_MAX_BYTES),
            config.getInt(FeedConfig.BATCH_MAX_TRADES),
            config.getLong(FeedConfig.WORKER_TIMEOUT_MS),
            !"none".equalsIgnoreCase(properties.get(FeedConfig.ERRORS_TOLERANCE)));
    return options.withSymbols(config.getList(FeedConfig.FEED_SYMBOLS));
  }

  private static int taskIndex(Map<String, String> properties, int taskCount) {
    String given = properties.getOrDefault(FeedConfig.TASK_INDEX, "0");
    if (!given.matches("[0-9]{1,9}") || Integer.parseInt(given) >= taskCount) {
      throw new ConfigException(
          ("%s must be 0 to %d, for %s makes so many tasks; found %s. Leave it out: the"
                  + " connector sets it.")
              .formatted(FeedConfig.TASK_INDEX, taskCount - 1, FeedConfig.FEED_TOKEN, given));
    }
    return Integer.parseInt(given);
  }

  /** This task's share of all symbols of the feed. */
  List<String> share(Collection<String> all) {
    return Shares.of(all, taskIndex, taskCount);
  }

  /** The same options for a feed with these symbols, for example the ones that a topic gave. */
  FeedOptions withSymbols(List<String> all) {
    return with(all, share(all));
  }

  /** The same options for a task that has none of the feed's symbols. */
  FeedOptions withoutShare() {
    return with(feedSymbols, List.of());
  }

  private FeedOptions with(List<String> all, List<String> share) {
    return new FeedOptions(
        feed,
        venue,
        url,
        token,
        taskIndex,
        taskCount,
        List.copyOf(all),
        List.copyOf(share),
        symbolsTopic,
        symbolsConsumer,
        tlsCaFile,
        tradesTopic,
        eventsTopic,
        dlqTopic,
        contracts,
        timeToleranceMs,
        countsIntervalMs,
        pingIntervalMs,
        pongTimeoutMs,
        watchdogMs,
        symbolWatchdogMs,
        lifeMs,
        gapPaddingMs,
        backoffInitialMs,
        backoffMaxMs,
        connectTimeoutMs,
        connectRetryTimeoutMs,
        frameMaxBytes,
        queueMaxTrades,
        queueMaxBytes,
        batchMaxTrades,
        workerTimeoutMs,
        toleratesBadFrames);
  }

  /** Says which feed it is; of the options, which hold secrets, no more than that. */
  @Override
  public String toString() {
    return "feed %s, task %d of %d, at %s".formatted(feed, taskIndex, taskCount, url);
  }
}
