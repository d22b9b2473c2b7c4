package org.ratehouse.connect.websocket;

import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

/**
 * The schemas of contracts/ in Connect's terms, as of this plugin; a test holds the two against
 * each other. The order of fields counts too: a converter that takes the registered schema writes
 * them by position.
 */
final class FeedSchemas {

  private static final Schema TIMESTAMP = Timestamp.SCHEMA;
  private static final Schema STRINGS =
      SchemaBuilder.array(Schema.STRING_SCHEMA).defaultValue(List.of()).build();

  static final Schema TRADE =
      record("Trade")
          .field("symbol", Schema.STRING_SCHEMA)
          .field("price", decimal(DecimalText.PRICE))
          .field("volume", decimal(DecimalText.VOLUME))
          .field("event_time", TIMESTAMP)
          .field("received_at", TIMESTAMP)
          .field("feed", Schema.STRING_SCHEMA)
          .field("connection_id", Schema.INT64_SCHEMA)
          .field("sequence", Schema.INT64_SCHEMA)
          .field("frame", Schema.INT64_SCHEMA)
          .field("position", Schema.INT32_SCHEMA)
          .field("venue_trade_id", Schema.OPTIONAL_STRING_SCHEMA)
          .field("conditions", STRINGS)
          .build();

  static final Schema REFUSED_TRADE =
      record("RefusedTrade")
          .field("feed", Schema.STRING_SCHEMA)
          .field("connection_id", Schema.INT64_SCHEMA)
          .field("sequence", Schema.OPTIONAL_INT64_SCHEMA)
          .field("frame", Schema.INT64_SCHEMA)
          .field("position", Schema.OPTIONAL_INT32_SCHEMA)
          .field("received_at", TIMESTAMP)
          .field("reason", Schema.STRING_SCHEMA)
          .field("detail", Schema.STRING_SCHEMA)
          .field("payload", Schema.STRING_SCHEMA)
          .build();

  static final Schema FEED_EVENT =
      record("FeedEvent")
          .field("feed", Schema.STRING_SCHEMA)
          .field("connection_id", Schema.INT64_SCHEMA)
          .field("event", Schema.STRING_SCHEMA)
          .field("occurred_at", TIMESTAMP)
          .field("reason", Schema.OPTIONAL_STRING_SCHEMA)
          .field("symbols", STRINGS)
          .field("gap_from", Timestamp.builder().optional().build())
          .field("gap_to", Timestamp.builder().optional().build())
          .field("frames", Schema.INT64_SCHEMA)
          .field("trades", Schema.INT64_SCHEMA)
          .field("refused", Schema.INT64_SCHEMA)
          .field("refused_frames", Schema.INT64_SCHEMA)
          .field("last_sequence", Schema.INT64_SCHEMA)
          .field("closed", SchemaBuilder.bool().defaultValue(false).build())
          .field("first_missing_id", Schema.OPTIONAL_STRING_SCHEMA)
          .field("last_missing_id", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private FeedSchemas() {}

  private static SchemaBuilder record(String name) {
    return SchemaBuilder.struct().name("ratehouse." + name);
  }

  private static Schema decimal(DecimalText number) {
    return Decimal.builder(DecimalText.SCALE)
        .parameter(AvroContract.PRECISION, Integer.toString(number.precision()))
        .build();
  }
}
