package org.ratehouse.connect.websocket;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyStringWithoutControlChars;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Options that say which feed is read and where it goes. */
final class FeedOptionGroups {

  private FeedOptionGroups() {}

  static void feed(ConfigDef options) {
    new OptionGroup(options, "Feed")
        .text(
            FeedConfig.FEED_NAME,
            "Feed name",
            NO_DEFAULT_VALUE,
            new NonEmptyStringWithoutControlChars(),
            HIGH,
            "The feed's name in every record and the key of its offset. A feed under a new name"
                + " starts anew.")
        .text(
            FeedConfig.FEED_VENUE,
            "Venue",
            "finnhub",
            FeedValidators.venue(),
            HIGH,
            "The venue, whose protocol the feed speaks.")
        .text(
            FeedConfig.FEED_URL,
            "Address",
            NO_DEFAULT_VALUE,
            FeedValidators.url(),
            HIGH,
            "Where to connect: ws:// or wss:// with the venue's own host or one of loopback, and"
                + " without a query, for the token has its own option.")
        .add(
            FeedConfig.FEED_TOKEN,
            "Token",
            Type.PASSWORD,
            "",
            null,
            HIGH,
            Width.LONG,
            "The token for the venue. Give it through a config provider, so that it is not stored"
                + " with the connector. Several, separated by commas or white space, make as many"
                + " tasks with one connection each, among which the symbols are dealt out. Empty"
                + " for a venue that needs none.")
        .add(
            FeedConfig.FEED_SYMBOLS,
            "Symbols",
            Type.LIST,
            "",
            FeedValidators.symbols(),
            HIGH,
            Width.LONG,
            "The symbols to subscribe to, by the venue's names. Either this or "
                + FeedConfig.FEED_SYMBOLS_TOPIC
                + ".")
        .text(
            FeedConfig.FEED_SYMBOLS_TOPIC,
            "Topic of symbols",
            "",
            FeedValidators.topicOrNone(),
            MEDIUM,
            "A compacted topic of one partition, whose newest record under the feed's name holds"
                + " its symbols as a JSON array of strings. With it they change while the task"
                + " runs; a change of the connector's configuration restarts it.")
        .text(
            FeedConfig.FEED_SYMBOLS_BOOTSTRAP_SERVERS,
            "Kafka of the topic of symbols",
            "",
            null,
            LOW,
            "The brokers, host:port separated by commas, that have "
                + FeedConfig.FEED_SYMBOLS_TOPIC
                + "; needed with it. Options of the consumer, such as its security, have the"
                + " prefix "
                + FeedConfig.FEED_SYMBOLS_CONSUMER_PREFIX
                + " and are handed to it.")
        .text(
            FeedConfig.FEED_TLS_CA_FILE,
            "Certificates to trust",
            "",
            null,
            LOW,
            "A file of certificates (PEM) to trust beside those of the machine.");
  }

  static void topics(ConfigDef options) {
    new OptionGroup(options, "Topics")
        .text(
            FeedConfig.TOPIC_TRADES,
            "Trades",
            "trades",
            FeedValidators.topic(),
            MEDIUM,
            "The topic of trades.")
        .text(
            FeedConfig.TOPIC_FEED_EVENTS,
            "Feed events",
            "feed-events",
            FeedValidators.topic(),
            MEDIUM,
            "The topic of what happens on the feed's connections.")
        .text(
            FeedConfig.TOPIC_DLQ,
            "Dead letters",
            "trades-dlq",
            FeedValidators.topic(),
            MEDIUM,
            "The topic of trades and frames that break the contract.");
  }

  static void contracts(ConfigDef options) {
    String contract =
        "The Avro schema of the topic's values, as the registry's newest version has it; the"
            + " connector's own when not given.";
    new OptionGroup(options, "Contracts")
        .text(
            FeedConfig.TOPIC_TRADES_CONTRACT,
            "Contract of trades",
            "",
            null,
            LOW,
            contract
                + " A field that the connector does not know keeps its default, one that is gone is"
                + " not written.")
        .text(
            FeedConfig.TOPIC_FEED_EVENTS_CONTRACT,
            "Contract of feed events",
            "",
            null,
            LOW,
            contract)
        .text(FeedConfig.TOPIC_DLQ_CONTRACT, "Contract of dead letters", "", null, LOW, contract)
        .add(
            FeedConfig.TRADES_FIELDS,
            "Fields of the venue",
            Type.LIST,
            "",
            null,
            LOW,
            Width.LONG,
            "Optional text fields of the contract of trades that take what the venue wrote in a"
                + " field of its own, column=field: price_text=p. Of a number its very digits; null"
                + " where the venue wrote none, an object or an array.");
  }
}
