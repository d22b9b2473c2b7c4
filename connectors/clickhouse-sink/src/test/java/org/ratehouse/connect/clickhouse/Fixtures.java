package org.ratehouse.connect.clickhouse;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Candles, tables and options that the tests start from. */
final class Fixtures {
  static final Schema CANDLE = Contracts.read("candles-1m");
  static final Instant MINUTE = Instant.parse("2026-01-02T03:04:00Z");

  private Fixtures() {}

  static Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("clickhouse.url", "http://127.0.0.1:1");
    options.put("clickhouse.username", "ratehouse");
    options.put("clickhouse.password", "open sesame");
    options.put("clickhouse.database", "silver");
    options.put("consumer.override.isolation.level", "read_committed");
    options.put("topics", "candles-1m,moving-averages");
    options.put("topic.tables", "candles-1m=candles_1m_rows,moving-averages=moving_averages_rows");
    return options;
  }

  static Map<String, String> options(String option, String value) {
    Map<String, String> options = options();
    options.put(option, value);
    return options;
  }

  static Map<String, String> options(Map<String, String> more) {
    Map<String, String> options = options();
    options.putAll(more);
    return options;
  }

  /** Of a sink that reads Avro itself. */
  static Map<String, String> avroOptions(String registry) {
    return options(
        Map.of(
            "registry.url",
            registry,
            "value.converter",
            "org.apache.kafka.connect.converters.ByteArrayConverter"));
  }

  static Struct candle(String symbol, int generation, String close) {
    BigDecimal price = new BigDecimal(close).setScale(8);
    return new Struct(CANDLE)
        .put("symbol", symbol)
        .put("window_start", Date.from(MINUTE))
        .put("window_end", Date.from(MINUTE.plusSeconds(60)))
        .put("open", price)
        .put("high", price)
        .put("low", price)
        .put("close", price)
        .put("volume", new BigDecimal("1.50000000"))
        .put("turnover", price.multiply(new BigDecimal("1.50000000")))
        .put("trade_count", 3L)
        .put("generation", generation);
  }

  static SinkRecord record(Struct value, long offset) {
    return new SinkRecord("candles-1m", 0, null, null, value.schema(), value, offset);
  }

  static SinkRecord candleAt(long offset, int generation, String close) {
    return record(candle("A", generation, close), offset);
  }

  /** As many candles of different minutes, at offsets from the first on. */
  static List<SinkRecord> minutes(int first, int count) {
    List<SinkRecord> records = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Date start = Date.from(MINUTE.plusSeconds(60L * i));
      records.add(record(candle("A", 1, "1").put("window_start", start), i));
    }
    return records;
  }

  /** A table that fits {@link #CANDLE}, as the server describes it. */
  static Table candles() {
    return table("ReplacingMergeTree(version) PARTITION BY toYYYYMM(window_start)", version());
  }

  static Table without(Table whole, String column) {
    var less = whole.columns().stream().filter(each -> !each.name().equals(column)).toList();
    return new Table(
        whole.name(),
        whole.engine(),
        whole.engineFull(),
        whole.sortingKey(),
        whole.partitionKey(),
        less);
  }

  static Table.Column version() {
    // With the parentheses that the server adds.
    String expression =
        "(bitShiftLeft(toUInt128(generation), 96) + bitShiftLeft(toUInt128(topic_incarnation), 64))"
            + " + kafka_offset";
    return new Table.Column("version", ColumnType.parse("UInt128"), "MATERIALIZED", expression);
  }

  static Table table(String engineFull, Table.Column... more) {
    List<Table.Column> columns = new ArrayList<>();
    columns.add(column("symbol", "String"));
    columns.add(column("window_start", "DateTime64(3)"));
    columns.add(column("window_end", "DateTime64(3)"));
    for (String price : List.of("open", "high", "low", "close")) {
      columns.add(column(price, "Decimal(18, 8)"));
    }
    columns.add(column("volume", "Decimal(38, 8)"));
    columns.add(column("turnover", "Decimal(38, 16)"));
    columns.add(column("trade_count", "Int64"));
    columns.add(column("generation", "UInt32"));
    for (String edge : List.of("first", "last")) {
      columns.add(column(edge + "_connection_id", "Nullable(Int64)"));
      columns.add(column(edge + "_sequence", "Nullable(Int64)"));
    }
    columns.add(column("topic_incarnation", "UInt32"));
    columns.add(column("kafka_offset", "UInt64"));
    columns.addAll(List.of(more));
    return new Table(
        "candles_1m_rows",
        engineFull.split("[( ]")[0],
        engineFull,
        "symbol, window_start",
        "toYYYYMM(window_start)",
        columns);
  }

  static Table.Column column(String name, String type) {
    return new Table.Column(name, ColumnType.parse(type), "", "");
  }
}
