package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

class TableCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReplacingMergeTree(version) ORDER BY symbol SETTINGS index_granularity = 8192",
        "ReplicatedReplacingMergeTree('/clickhouse/{uuid}/{shard}', '{replica}', version) ORDER BY x",
        "SharedReplacingMergeTree('/clickhouse/{uuid}/{shard}', '{replica}', version) ORDER BY x"
      })
  void a_replacing_table_with_a_version_is_taken(String engine) {
    assertDoesNotThrow(() -> TableCheck.check(Fixtures.table(engine, Fixtures.version())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MergeTree ORDER BY symbol", "SummingMergeTree(version)", "Memory"})
  void a_table_that_would_keep_both_of_two_deliveries_is_refused(String engine) {
    assertEquals(Reason.TABLE_ENGINE, refused(Fixtures.table(engine, Fixtures.version())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReplacingMergeTree ORDER BY symbol",
        "ReplicatedReplacingMergeTree('/a', '{replica}') ORDER BY (symbol, version)"
      })
  void a_table_where_the_last_writer_wins_is_refused(String engine) {
    assertEquals(Reason.TABLE_VERSION, refused(Fixtures.table(engine, Fixtures.version())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now64()",
        "kafka_offset",
        "bitShiftLeft(toUInt128(topic_incarnation), 96) + bitShiftLeft(toUInt128(generation), 64)"
            + " + kafka_offset"
      })
  void a_version_of_something_else_than_the_records_place_is_refused(String expression) {
    var version =
        new Table.Column("version", ColumnType.parse("UInt128"), "MATERIALIZED", expression);
    assertEquals(
        Reason.TABLE_VERSION, refused(Fixtures.table("ReplacingMergeTree(version)", version)));
  }

  @Test
  void a_table_without_the_records_place_is_refused() {
    var whole = Fixtures.candles();
    for (String missing : new String[] {"generation", "topic_incarnation", "kafka_offset"}) {
      var table = Fixtures.without(whole, missing);
      assertEquals(Reason.TABLE_COLUMNS, refused(table), missing);
    }
  }

  @Test
  void a_table_that_deletes_by_a_column_is_refused() {
    assertEquals(
        Reason.TABLE_VERSION,
        refused(Fixtures.table("ReplacingMergeTree(version, gone)", Fixtures.version())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "symbol, window_start, kafka_offset",
        "symbol, generation",
        "version",
        "symbol, toStartOfHour(window_start)",
        "symbol, nowhere"
      })
  void a_sorting_key_that_is_not_the_rows_own_identity_is_refused(String key) {
    assertEquals(Reason.TABLE_KEY, refused(keyed(key, "")));
  }

  @Test
  void a_key_that_may_be_null_is_refused() {
    Table table = keyed("symbol, venue", "");
    var more = List.of(Fixtures.column("venue", "LowCardinality(Nullable(String))"));
    assertEquals(Reason.TABLE_KEY, refused(table.with(more)));
  }

  @Test
  void a_partition_that_the_key_does_not_fix_is_refused() {
    assertEquals(Reason.TABLE_KEY, refused(keyed("symbol", "toYYYYMM(window_start)")));
    assertDoesNotThrow(
        () -> TableCheck.check(keyed("symbol, window_start", "(symbol, toYYYYMM(window_start))")));
  }

  private static Table keyed(String sortingKey, String partitionKey) {
    Table whole = Fixtures.candles();
    return new Table(
        whole.name(),
        whole.engine(),
        whole.engineFull(),
        sortingKey,
        partitionKey,
        whole.columns());
  }

  private static Reason refused(Table table) {
    return assertThrows(Refusal.class, () -> TableCheck.check(table)).reason();
  }
}
