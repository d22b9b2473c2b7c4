package org.ratehouse.connect.websocket;

import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Turns what the state yields into Kafka records. */
final class FeedRecords {

  private final FeedOptions options;
  private final Map<String, String> partition;

  FeedRecords(FeedOptions options) {
    this(options, options.taskIndex());
  }

  /** Those of another task of the feed. */
  FeedRecords(FeedOptions options, int taskIndex) {
    this.options = options;
    this.partition = FeedOffset.partition(options.feed(), taskIndex);
  }

  /** All of one poll carry the offset of its end: they are one transaction. */
  List<SourceRecord> of(List<FeedOutput> outputs, FeedOffset offset) {
    Map<String, Object> end = offset.toMap();
    return outputs.stream().map(output -> record(output, end)).toList();
  }

  private SourceRecord record(FeedOutput output, Map<String, Object> offset) {
    if (output instanceof FeedOutput.Trade trade) {
      return record(
          options.tradesTopic(), trade.symbol(), trade(trade), trade.receivedAt(), offset);
    }
    if (output instanceof FeedOutput.Refused refused) {
      return record(
          options.dlqTopic(), options.feed(), refused(refused), refused.receivedAt(), offset);
    }
    FeedOutput.Event event = (FeedOutput.Event) output;
    return record(options.eventsTopic(), options.feed(), event(event), event.occurredAt(), offset);
  }

  private SourceRecord record(
      String topic, String key, Struct value, long timestamp, Map<String, Object> offset) {
    return new SourceRecord(
        partition,
        offset,
        topic,
        null,
        Schema.STRING_SCHEMA,
        key,
        value.schema(),
        value,
        timestamp);
  }

  private Struct trade(FeedOutput.Trade trade) {
    return new Filling(options.contracts().trade())
        .put("symbol", trade.symbol())
        .put("price", trade.price())
        .put("volume", trade.volume())
        .put("event_time", new Date(trade.eventTime()))
        .put("received_at", new Date(trade.receivedAt()))
        .put("feed", options.feed())
        .put("connection_id", trade.place().connectionId())
        .put("sequence", trade.sequence())
        .put("frame", trade.place().frame())
        .put("position", trade.position())
        .put("venue_trade_id", trade.venueTradeId())
        .put("conditions", trade.conditions())
        .put(options.contracts().venueFields().columns(), trade.venueFields())
        .struct();
  }

  private Struct refused(FeedOutput.Refused refused) {
    return new Filling(options.contracts().refused())
        .put("feed", options.feed())
        .put("connection_id", refused.place().connectionId())
        .put("sequence", refused.sequence())
        .put("frame", refused.place().frame())
        .put("position", refused.position())
        .put("received_at", new Date(refused.receivedAt()))
        .put("reason", refused.reason().name())
        .put("detail", refused.detail())
        .put("payload", refused.payload())
        .struct();
  }

  private Struct event(FeedOutput.Event event) {
    Counts counts = event.counts();
    FeedOutput.Gap gap = event.gap();
    return new Filling(options.contracts().event())
        .put("feed", options.feed())
        .put("connection_id", event.connectionId())
        .put("event", event.kind().name().toLowerCase(Locale.ROOT))
        .put("occurred_at", new Date(event.occurredAt()))
        .put("reason", event.reason())
        .put("symbols", event.symbols())
        .put("gap_from", gap == null ? null : new Date(gap.fromMillis()))
        .put("gap_to", gap == null ? null : new Date(gap.toMillis()))
        .put("frames", counts.frames())
        .put("trades", counts.trades())
        .put("refused", counts.refused())
        .put("refused_frames", counts.refusedFrames())
        .put("last_sequence", counts.lastSequence())
        .put("closed", event.closed())
        .put("first_missing_id", gap == null ? null : gap.firstMissingId())
        .put("last_missing_id", gap == null ? null : gap.lastMissingId())
        .struct();
  }

  /** A struct that passes over fields which the contract has no longer. */
  private record Filling(Struct struct) {

    Filling(Schema schema) {
      this(new Struct(schema));
    }

    Filling put(String name, Object value) {
      Field field = struct.schema().field(name);
      if (field != null) {
        struct.put(field, value);
      }
      return this;
    }

    Filling put(List<String> names, List<String> values) {
      for (int i = 0; i < values.size(); i++) {
        put(names.get(i), values.get(i));
      }
      return this;
    }
  }
}
