package org.ratehouse.connect.websocket;

import org.apache.kafka.common.config.ConfigDef;

/** The names of the connector's options. What each is for stands where it is defined. */
final class FeedConfig {

  static final String FEED_NAME = "feed.name";
  static final String FEED_VENUE = "feed.venue";
  static final String FEED_URL = "feed.url";
  static final String FEED_TOKEN = "feed.token";
  static final String FEED_SYMBOLS = "feed.symbols";
  static final String FEED_SYMBOLS_TOPIC = "feed.symbols.topic";
  static final String FEED_SYMBOLS_BOOTSTRAP_SERVERS = "feed.symbols.bootstrap.servers";
  static final String FEED_TLS_CA_FILE = "feed.tls.ca.file";
  static final String TOPIC_TRADES = "topic.trades";
  static final String TOPIC_FEED_EVENTS = "topic.feed.events";
  static final String TOPIC_DLQ = "topic.dlq";
  static final String TOPIC_TRADES_CONTRACT = "topic.trades.contract";
  static final String TOPIC_FEED_EVENTS_CONTRACT = "topic.feed.events.contract";
  static final String TOPIC_DLQ_CONTRACT = "topic.dlq.contract";
  static final String TRADES_FIELDS = "trades.fields";
  static final String EVENT_TIME_TOLERANCE_MS = "event.time.tolerance.ms";
  static final String COUNTS_INTERVAL_MS = "counts.interval.ms";
  static final String PING_INTERVAL_MS = "ping.interval.ms";
  static final String PONG_TIMEOUT_MS = "pong.timeout.ms";
  static final String WATCHDOG_MS = "watchdog.ms";
  static final String WATCHDOG_SYMBOL_MS = "watchdog.symbol.ms";
  static final String CONNECTION_LIFE_MS = "connection.life.ms";
  static final String GAP_PADDING_MS = "gap.padding.ms";
  static final String BACKOFF_INITIAL_MS = "backoff.initial.ms";
  static final String BACKOFF_MAX_MS = "backoff.max.ms";
  static final String CONNECT_TIMEOUT_MS = "connect.timeout.ms";
  static final String CONNECT_RETRY_TIMEOUT_MS = "connect.retry.timeout.ms";
  static final String FRAME_MAX_BYTES = "frame.max.bytes";
  static final String QUEUE_MAX_TRADES = "queue.max.trades";
  static final String QUEUE_MAX_BYTES = "queue.max.bytes";
  static final String BATCH_MAX_TRADES = "batch.max.trades";
  static final String WORKER_TIMEOUT_MS = "worker.timeout.ms";

  /** What follows it is an option of the Kafka consumer that reads the topic of symbols. */
  static final String FEED_SYMBOLS_CONSUMER_PREFIX = "feed.symbols.consumer.";

  /** Which of a feed's tasks this is, from 0; the connector gives it to each, nobody else does. */
  static final String TASK_INDEX = "task.index";

  /** Kafka Connect's own option for what to do with a record that cannot be converted. */
  static final String ERRORS_TOLERANCE = "errors.tolerance";

  private FeedConfig() {}

  static ConfigDef definition() {
    ConfigDef options = new ConfigDef();
    FeedOptionGroups.feed(options);
    FeedOptionGroups.topics(options);
    FeedOptionGroups.contracts(options);
    ConnectionOptionGroups.connection(options);
    ConnectionOptionGroups.watch(options);
    ConnectionOptionGroups.flow(options);
    return options;
  }
}
