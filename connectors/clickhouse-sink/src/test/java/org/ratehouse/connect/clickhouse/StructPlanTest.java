package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

class StructPlanTest {
  @Test
  void a_row_is_the_records_fields_and_its_place() {
    StructPlan plan = StructPlan.of(Fixtures.candles(), Fixtures.CANDLE);
    assertEquals("symbol", plan.columns().get(0));
    assertEquals("kafka_offset", plan.columns().get(plan.columns().size() - 1));
    assertEquals(Fixtures.CANDLE.fields().size() + 2, plan.columns().size());
  }

  @ParameterizedTest
  @CsvSource({"18, 4", "18, 9", "19, 8", "38, 8"})
  void a_decimal_of_another_scale_or_precision_is_refused_never_rounded(int precision, int scale) {
    refused(one("close", Contracts.decimal(precision, scale).build()), "close", "Decimal(18, 8)");
  }

  @Test
  void a_value_that_does_not_keep_to_its_own_schemas_precision_is_refused() {
    // One digit before the point too many: ClickHouse would store it, and Trino could not read it.
    assertEquals(
        Reason.VALUE_OUT_OF_RANGE,
        write(Fixtures.candle("A", 1, "1").put("close", new BigDecimal("12345678901.00000000"))));
  }

  @Test
  void a_generation_or_a_time_that_the_column_cannot_hold_is_refused() {
    assertEquals(Reason.VALUE_OUT_OF_RANGE, write(Fixtures.candle("A", -1, "1")));
    Date tooLate = Date.from(Instant.parse("2300-01-01T00:00:00Z"));
    assertEquals(
        Reason.VALUE_OUT_OF_RANGE, write(Fixtures.candle("A", 1, "1").put("window_end", tooLate)));
  }

  @Test
  void a_field_without_a_column_is_refused() {
    refused(with("vwap", Schema.FLOAT64_SCHEMA), "field vwap has no column");
  }

  @Test
  void a_field_that_would_take_the_place_of_the_offset_is_refused() {
    refused(with("kafka_offset", Schema.INT64_SCHEMA), "kafka_offset");
  }

  @Test
  void a_column_that_would_be_filled_with_zeros_is_refused() {
    SchemaBuilder less = SchemaBuilder.struct();
    Fixtures.CANDLE.fields().stream()
        .filter(field -> !field.name().equals("volume"))
        .forEach(field -> less.field(field.name(), field.schema()));
    refused(less.build(), "column volume has no field");
  }

  @Test
  void null_never_becomes_a_value() {
    refused(one("trade_count", Schema.OPTIONAL_INT64_SCHEMA), "optional int64", "Int64");
  }

  @Test
  void a_time_is_not_taken_for_a_number() {
    refused(one("trade_count", Timestamp.SCHEMA), "trade_count");
    refused(one("window_start", Schema.INT64_SCHEMA), "window_start");
  }

  @Test
  void every_fault_is_named_at_once() {
    refused(with("a", Schema.STRING_SCHEMA, "b", Schema.STRING_SCHEMA), "field a", "field b");
  }

  /** The candle's schema with one field of another type. */
  private static Schema one(String name, Schema schema) {
    SchemaBuilder other = SchemaBuilder.struct();
    Fixtures.CANDLE
        .fields()
        .forEach(
            field ->
                other.field(field.name(), field.name().equals(name) ? schema : field.schema()));
    return other.build();
  }

  private static Schema with(Object... more) {
    SchemaBuilder other = SchemaBuilder.struct();
    Fixtures.CANDLE.fields().forEach(field -> other.field(field.name(), field.schema()));
    for (int i = 0; i < more.length; i += 2) {
      other.field((String) more[i], (Schema) more[i + 1]);
    }
    return other.build();
  }

  private static void refused(Schema schema, String... named) {
    Refusal refusal = assertThrows(Refusal.class, () -> StructPlan.of(Fixtures.candles(), schema));
    assertEquals(Reason.SCHEMA_MISMATCH, refusal.reason());
    for (String part : named) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }

  private static Reason write(Struct value) {
    StructPlan plan = StructPlan.of(Fixtures.candles(), Fixtures.CANDLE);
    return assertThrows(
            Refusal.class, () -> plan.write(Fixtures.record(value, 7), 1, new RowBinary()))
        .reason();
  }
}
