package org.ratehouse.connect.websocket;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** The options of the connector, by name: type, default, limits and what they are for. */
final class FeedConfig {

  static final String FEED_NAME = "feed.name";
  static final String FEED_VENUE = "feed.venue";
  static final String FEED_URL = "feed.url";
  static final String FEED_TOKEN = "feed.token";
  static final String FEED_SYMBOLS = "feed.symbols";
  static final String FEED_SYMBOLS_TOPIC = "feed.symbols.topic";
  static final String FEED_TLS_CA_FILE = "feed.tls.ca.file";
  static final String TOPIC_TRADES = "topic.trades";
  static final String TOPIC_FEED_EVENTS = "topic.feed.events";
  static final String TOPIC_DLQ = "topic.dlq";
  static final String EVENT_TIME_TOLERANCE_MS = "event.time.tolerance.ms";
  static final String COUNTS_INTERVAL_MS = "counts.interval.ms";
  static final String PING_INTERVAL_MS = "ping.interval.ms";
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

  private FeedConfig() {}

  static ConfigDef definition() {
    ConfigDef options = new ConfigDef();
    defineFeed(options);
    defineTopics(options);
    defineTimes(options);
    defineLimits(options);
    return options;
  }

  private static void defineFeed(ConfigDef options) {
    options
        .define(
            FEED_NAME,
            Type.STRING,
            NO_DEFAULT_VALUE,
            new NonEmptyString(),
            HIGH,
            "The feed's name in every record and the key of its offset. A feed under a new name"
                + " starts anew.")
        .define(
            FEED_VENUE,
            Type.STRING,
            "finnhub",
            ValidString.in(Venues.names()),
            HIGH,
            "The venue, whose protocol the feed speaks.")
        .define(
            FEED_URL,
            Type.STRING,
            NO_DEFAULT_VALUE,
            FeedValidators.url(),
            HIGH,
            "Where to connect, ws:// or wss://, with no query: the token has its own option.")
        .define(
            FEED_TOKEN,
            Type.PASSWORD,
            "",
            null,
            HIGH,
            "The token for the venue; give it through a config provider, so that it is not stored"
                + " with the connector. Empty for a venue that needs none.")
        .define(
            FEED_SYMBOLS,
            Type.LIST,
            NO_DEFAULT_VALUE,
            FeedValidators.symbols(),
            HIGH,
            "The symbols to subscribe to, by the venue's names.")
        .define(
            FEED_SYMBOLS_TOPIC,
            Type.STRING,
            "",
            null,
            MEDIUM,
            "The topic whose newest record of this feed names the symbols, in place of the option,"
                + " so that they change without a restart.")
        .define(
            FEED_TLS_CA_FILE,
            Type.STRING,
            "",
            null,
            LOW,
            "Certificates (PEM) to trust beside those of the machine.");
  }

  private static void defineTopics(ConfigDef options) {
    options
        .define(
            TOPIC_TRADES,
            Type.STRING,
            "trades",
            new NonEmptyString(),
            MEDIUM,
            "The topic of trades.")
        .define(
            TOPIC_FEED_EVENTS,
            Type.STRING,
            "feed-events",
            new NonEmptyString(),
            MEDIUM,
            "The topic of what happens on the feed's connections.")
        .define(
            TOPIC_DLQ,
            Type.STRING,
            "trades-dlq",
            new NonEmptyString(),
            MEDIUM,
            "The topic of trades and frames that break the contract.");
  }

  private static void defineTimes(ConfigDef options) {
    options
        .define(
            EVENT_TIME_TOLERANCE_MS,
            Type.LONG,
            -1L,
            atLeast(-1),
            LOW,
            "How far a trade's time may be from the time of its receipt; -1 for any distance.")
        .define(
            COUNTS_INTERVAL_MS,
            Type.LONG,
            10_000L,
            atLeast(10),
            LOW,
            "How often the counts of an open connection are written.")
        .define(
            PING_INTERVAL_MS,
            Type.LONG,
            2_000L,
            atLeast(10),
            LOW,
            "How often the server is pinged. A gap starts at most about this much too early.")
        .define(
            WATCHDOG_MS,
            Type.LONG,
            60_000L,
            atLeast(0),
            MEDIUM,
            "After how long without a trade the connection counts as stalled and is made anew;"
                + " pings do not count. 0 for never.")
        .define(
            WATCHDOG_SYMBOL_MS,
            Type.LONG,
            300_000L,
            atLeast(0),
            MEDIUM,
            "After how long without a trade a symbol that has had some is subscribed to once more;"
                + " it doubles each time. 0 for never.")
        .define(
            CONNECTION_LIFE_MS,
            Type.LONG,
            -1L,
            atLeast(-1),
            LOW,
            "After how long a connection is handed over to another; 0 for never, -1 for what the"
                + " venue says.")
        .define(
            GAP_PADDING_MS,
            Type.LONG,
            1_000L,
            atLeast(0),
            LOW,
            "How much a gap is widened at both ends, for the skew between our clock and the"
                + " venue's.")
        .define(
            BACKOFF_INITIAL_MS,
            Type.LONG,
            500L,
            atLeast(1),
            LOW,
            "The longest wait before the first attempt to connect again; it doubles with each.")
        .define(
            BACKOFF_MAX_MS,
            Type.LONG,
            30_000L,
            atLeast(1),
            LOW,
            "The longest wait before any attempt to connect again.")
        .define(
            CONNECT_TIMEOUT_MS,
            Type.LONG,
            10_000L,
            atLeast(1),
            LOW,
            "How long an attempt to connect may take.")
        .define(
            CONNECT_RETRY_TIMEOUT_MS,
            Type.LONG,
            600_000L,
            atLeast(0),
            MEDIUM,
            "After how long without a connection the task gives up and fails; 0 for never.");
  }

  private static void defineLimits(ConfigDef options) {
    options
        .define(
            FRAME_MAX_BYTES,
            Type.INT,
            4 * 1024 * 1024,
            atLeast(1024),
            LOW,
            "The largest frame in bytes; a larger one ends the connection.")
        .define(
            QUEUE_MAX_TRADES,
            Type.INT,
            20_000,
            atLeast(1),
            LOW,
            "How many trades wait in memory before the socket is no longer read.")
        .define(
            QUEUE_MAX_BYTES,
            Type.LONG,
            32L * 1024 * 1024,
            atLeast(1),
            LOW,
            "How many bytes of frames wait in memory before the socket is no longer read.")
        .define(
            BATCH_MAX_TRADES,
            Type.INT,
            2_000,
            atLeast(1),
            LOW,
            "After how many trades a transaction ends; a frame is never divided.");
  }
}
