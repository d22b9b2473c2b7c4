package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
      var columns =
          whole.columns().stream().filter(column -> !column.name().equals(missing)).toList();
      var table = new Table(whole.name(), whole.engine(), whole.engineFull(), columns);
      assertEquals(Reason.TABLE_COLUMNS, refused(table), missing);
    }
  }

  private static Reason refused(Table table) {
    return assertThrows(Refusal.class, () -> TableCheck.check(table)).reason();
  }
}
