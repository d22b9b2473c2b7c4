package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** What the sink promises, asked of the real engine and of the tables as they are shipped. */
class ClickHouseSinkEngineTest extends EngineTest {
  private static final Map<String, String> TOLERANT =
      Map.of("errors.tolerance", "all", "errors.deadletterqueue.topic.name", "silver-dlq");

  @Test
  void the_tables_can_be_created_again_over_themselves() throws Exception {
    write(start(), List.of(Fixtures.candleAt(1, 1, "10")));
    engine.runFile("candles_1m.sql");
    assertEquals("10\t1", engine.query(CLOSES));
  }

  @Test
  void an_older_offset_written_again_never_wins() throws Exception {
    var task = start();
    write(task, List.of(Fixtures.candleAt(7, 1, "20")));
    write(task, List.of(Fixtures.candleAt(3, 1, "10")));
    assertEquals("20\t1", engine.query(CLOSES));
  }

  @Test
  void the_same_batch_twice_reads_as_once() throws Exception {
    var batch = List.of(Fixtures.candleAt(1, 1, "10"), Fixtures.record(other("B"), 2));
    var task = start();
    write(task, batch);
    write(task, batch);
    assertEquals("2", engine.query("SELECT count() FROM silver.candles_1m"));
    assertEquals("6", engine.query("SELECT sum(trade_count) FROM silver.candles_1m"));
  }

  @Test
  void a_newer_generation_wins_over_an_older_one_with_a_higher_offset() throws Exception {
    var task = start();
    write(task, List.of(Fixtures.candleAt(2, 2, "20")));
    write(task, List.of(Fixtures.candleAt(999, 1, "10")));
    assertEquals("20\t2", engine.query(CLOSES));
  }

  @Test
  void a_topic_created_anew_wins_though_its_offsets_start_over() throws Exception {
    write(start(), List.of(Fixtures.candleAt(1_000_000, 1, "10")));
    write(
        start(Map.of("topic.incarnations", "candles-1m=2")),
        List.of(Fixtures.candleAt(0, 1, "20")));
    assertEquals("20\t1", engine.query(CLOSES));
  }

  @Test
  void the_version_wins_in_one_insert_and_after_a_merge_too() throws Exception {
    write(start(), List.of(Fixtures.candleAt(5, 3, "20"), Fixtures.candleAt(6, 2, "10")));
    engine.query("SYSTEM START MERGES");
    engine.query("OPTIMIZE TABLE silver.candles_1m_rows FINAL");
    assertEquals("20\t3", engine.query(CLOSES));
  }

  @Test
  void the_largest_coordinates_keep_their_order() throws Exception {
    write(
        start(Map.of("topic.incarnations", "candles-1m=4294967295")),
        List.of(Fixtures.candleAt(Long.MAX_VALUE - 1, 1, "10")));
    write(start(), List.of(Fixtures.candleAt(0, 2, "20")));
    assertEquals("20\t2", engine.query(CLOSES));
  }

  @Test
  void decimals_are_exact_negative_ones_and_those_of_38_digits_too() throws Exception {
    var volume = new BigDecimal("-123456789012345678901234567890.12345678");
    var turnover = new BigDecimal("9999999999999999999999.9999999999999999");
    var low = new BigDecimal("-9999999999.99999999");
    var candle = Fixtures.candle("A", 1, "0.00000001");
    write(start(), List.of(record(candle.put("volume", volume).put("low", low), 1, turnover)));
    assertEquals(
        volume.toPlainString() + "\t" + turnover.toPlainString() + "\t" + low + "\t0.00000001",
        engine.query("SELECT volume, turnover, low, close FROM silver.candles_1m"));
  }

  @Test
  void text_and_times_come_back_as_they_were() throws Exception {
    var candle = Fixtures.candle("BITSTAMP:€ \t'\\\u0000", 1, "1");
    candle.put("window_start", new Date(Fixtures.MINUTE.toEpochMilli() + 789));
    write(start(), List.of(Fixtures.record(candle, 1)));
    assertEquals(
        "1\t1767323040789",
        engine.query(
            "SELECT symbol = 'BITSTAMP:€ \\t\\'\\\\\\0', toUnixTimestamp64Milli(window_start)"
                + " FROM silver.candles_1m"));
  }

  @Test
  void null_stays_null() throws Exception {
    Schema schema = Contracts.read("moving-averages");
    write(start(), List.of(average(schema, null, 1), average(schema, 1.0 / 3, 2)));
    assertEquals(
        "1\t\\N\n5\t0.3333333333333333",
        engine.query(
            "SELECT window_minutes, volume_weighted FROM silver.moving_averages"
                + " ORDER BY window_minutes"));
  }

  @Test
  void a_decimal_of_another_scale_is_refused_and_nothing_is_written() throws Exception {
    SchemaBuilder rescaled = SchemaBuilder.struct();
    Fixtures.CANDLE
        .fields()
        .forEach(
            field ->
                rescaled.field(
                    field.name(),
                    field.name().equals("close")
                        ? Contracts.decimal(18, 4).build()
                        : field.schema()));
    Struct value = new Struct(rescaled.build());
    Fixtures.candle("A", 1, "1").schema().fields().stream()
        .filter(field -> !field.name().equals("close"))
        .forEach(field -> value.put(field.name(), Fixtures.candle("A", 1, "1").get(field.name())));
    value.put("close", new BigDecimal("1.2345"));
    var task = start();
    var refusal = assertThrows(Refusal.class, () -> task.put(List.of(Fixtures.record(value, 1))));
    assertEquals(Reason.SCHEMA_MISMATCH, refusal.reason());
    assertEquals("0", engine.query("SELECT count() FROM silver.candles_1m_rows"));
  }

  @Test
  void a_table_without_a_version_is_refused() throws Exception {
    engine.query(
        "CREATE TABLE silver.unversioned AS silver.candles_1m_rows"
            + " ENGINE = ReplacingMergeTree ORDER BY symbol");
    assertEquals(Reason.TABLE_VERSION, refusedTable("unversioned"));
    engine.query("CREATE TABLE silver.plain AS silver.candles_1m_rows ENGINE = Memory");
    assertEquals(Reason.TABLE_ENGINE, refusedTable("plain"));
    assertEquals(Reason.TABLE_MISSING, refusedTable("nowhere"));
  }

  @Test
  void a_key_that_is_not_the_rows_own_is_refused_as_the_server_spells_it() throws Exception {
    for (String clauses :
        List.of(
            "ORDER BY tuple()",
            "ORDER BY (symbol, toStartOfHour(window_start))",
            "ORDER BY (symbol, window_start, kafka_offset)",
            "PARTITION BY toYYYYMM(window_end) ORDER BY (symbol, window_start)")) {
      engine.query(
          "CREATE OR REPLACE TABLE silver.keyed AS silver.candles_1m_rows"
              + " ENGINE = ReplacingMergeTree(version) "
              + clauses);
      assertEquals(Reason.TABLE_KEY, refusedTable("keyed"), clauses);
    }
  }

  @Test
  void a_retriable_code_means_to_the_engine_what_its_name_says() throws Exception {
    for (ClickHouseError error : ClickHouseError.values()) {
      assertEquals(error.name(), engine.query("SELECT errorCodeToName(" + error.code() + ")"));
    }
  }

  @Test
  void a_row_that_the_server_refuses_goes_to_the_dead_letters_alone() throws Exception {
    engine.query(
        "ALTER TABLE silver.candles_1m_rows ADD CONSTRAINT low_price CHECK close < 1000000");
    var task = start(TOLERANT);
    var records = new ArrayList<>(Fixtures.minutes(0, 100));
    records.set(42, Fixtures.candleAt(42, 1, "1000000"));
    write(task, records);
    assertEquals("99", engine.query("SELECT count() FROM silver.candles_1m"));
    assertEquals(List.of(42L), context.errant.stream().map(SinkRecord::kafkaOffset).toList());
    assertTrue(context.reasons.get(0).contains("VIOLATED_CONSTRAINT"), context.reasons.get(0));
  }

  @Test
  void a_table_that_is_gone_stops_the_task_and_no_row_is_blamed() throws Exception {
    var task = start(TOLERANT);
    engine.query("DROP TABLE silver.candles_1m_rows SYNC");
    var records = Fixtures.minutes(0, 3);
    task.put(records);
    assertEquals(0, task.preCommit(taken(records)).values().iterator().next().offset());
    var refusal = assertThrows(Refusal.class, () -> task.put(List.of()));
    assertEquals(Reason.CLICKHOUSE_FAILED, refusal.reason());
    assertEquals(List.of(), context.errant);
  }

  @Test
  void a_batch_over_more_months_than_one_insert_may_touch_is_written_in_parts() throws Exception {
    List<SinkRecord> years = new ArrayList<>();
    for (int month = 0; month < 130; month++) {
      Date start = Date.from(Fixtures.MINUTE.minusSeconds(31L * 86_400 * month));
      Struct candle = Fixtures.candle("A", 1, "1").put("window_start", start);
      years.add(Fixtures.record(candle, month));
    }
    write(start(), years);
    assertEquals("130", engine.query("SELECT count() FROM silver.candles_1m"));
  }

  private Reason refusedTable(String table) {
    String tables = "candles-1m=" + table + ",moving-averages=moving_averages_rows";
    return assertThrows(Refusal.class, () -> start(Map.of("topic.tables", tables))).reason();
  }

  private static SinkRecord record(Struct candle, long offset, BigDecimal turnover) {
    return Fixtures.record(candle.put("turnover", turnover), offset);
  }

  private static SinkRecord average(Schema schema, Double weighted, long offset) {
    Struct value =
        new Struct(schema)
            .put("symbol", "A")
            .put("window_minutes", offset == 1 ? 1 : 5)
            .put("window_start", Date.from(Fixtures.MINUTE))
            .put("window_end", Date.from(Fixtures.MINUTE.plusSeconds(60)))
            .put("simple", 1.5)
            .put("volume_weighted", weighted)
            .put("trade_count", 2L)
            .put("generation", 1);
    return new SinkRecord("moving-averages", 0, null, null, schema, value, offset);
  }
}
