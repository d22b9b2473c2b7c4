package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** Every type goes through the real engine and is read back as text. */
class TypesEngineTest extends EngineTest {
  private static final String COORDINATES =
      "generation UInt32, topic_incarnation UInt32, kafka_offset UInt64, version UInt128"
          + " MATERIALIZED "
          + TableCheck.VERSION_EXPRESSION;

  private ClickHouseSinkTask task;
  private int offset;

  @Test
  void whole_numbers_of_every_width_keep_their_ends() throws Exception {
    create("a Int8, b UInt8, c Int16, d UInt16, e Int64, f Nullable(UInt64), g Float32");
    SchemaBuilder schema =
        row("a", Schema.INT8_SCHEMA, "b", Schema.INT8_SCHEMA, "c", Schema.INT16_SCHEMA)
            .field("d", Schema.INT16_SCHEMA)
            .field("e", Schema.INT64_SCHEMA)
            .field("f", Schema.OPTIONAL_INT64_SCHEMA)
            .field("g", Schema.FLOAT32_SCHEMA);
    put(
        schema.build(),
        Map.of(
            "a",
            Byte.MIN_VALUE,
            "b",
            Byte.MAX_VALUE,
            "c",
            Short.MIN_VALUE,
            "d",
            Short.MAX_VALUE,
            "e",
            Long.MIN_VALUE,
            "f",
            Long.MAX_VALUE,
            "g",
            0.1f));
    assertEquals(
        "-128\t127\t-32768\t32767\t-9223372036854775808\t9223372036854775807\t0.1",
        read("a, b, c, d, e, f, g"));
  }

  @Test
  void times_and_dates_are_exact_before_1970_too() throws Exception {
    create("a DateTime64(6), b Nullable(DateTime64(9)), c Date32, d Date");
    Schema day = org.apache.kafka.connect.data.Date.SCHEMA;
    Schema schema =
        row("a", Timestamp.SCHEMA, "b", Timestamp.builder().optional().build(), "c", day)
            .field("d", day)
            .build();
    put(
        schema,
        Map.of(
            "a", Date.from(Instant.parse("1969-12-31T23:59:59.999Z")),
            "b", Date.from(Instant.parse("2261-01-01T00:00:00.001Z")),
            "c", Date.from(Instant.parse("1900-01-01T00:00:00Z")),
            "d", Date.from(Instant.parse("2149-06-06T00:00:00Z"))));
    assertEquals(
        "1969-12-31 23:59:59.999000\t2261-01-01 00:00:00.001000000\t1900-01-01\t2149-06-06",
        read("a, b, c, d"));
  }

  @Test
  void enums_bytes_and_arrays_come_back_as_they_were() throws Exception {
    create(
        "a Enum8('buy' = -1, 'it\\'s' = 2), b LowCardinality(String), c String,"
            + " d Array(Nullable(Decimal(18, 8))), e Array(Array(LowCardinality(String)))");
    Schema side =
        SchemaBuilder.string()
            .parameter("io.confluent.connect.avro.Enum", "Side")
            .parameter("io.confluent.connect.avro.Enum.buy", "buy")
            .parameter("io.confluent.connect.avro.Enum.it's", "it's")
            .build();
    Schema schema =
        row("a", side, "b", side, "c", Schema.BYTES_SCHEMA)
            .field("d", SchemaBuilder.array(Contracts.decimal(18, 8).optional().build()).build())
            .field(
                "e", SchemaBuilder.array(SchemaBuilder.array(Schema.STRING_SCHEMA).build()).build())
            .build();
    put(
        schema,
        Map.of(
            "a", "it's",
            "b", "buy",
            "c", ByteBuffer.wrap(new byte[] {0, (byte) 0xff}),
            "d", Arrays.asList(new BigDecimal("1.00000001"), null),
            "e", List.of(List.of("x", "€"), List.of())));
    assertEquals(
        "it\\'s\tbuy\t00FF\t[1.00000001,NULL]\t[['x','€'],[]]", read("a, b, hex(c), d, e"));
  }

  @Test
  void an_enum_that_lacks_a_symbol_of_the_schema_is_refused_before_any_row() throws Exception {
    create("a Enum8('buy' = 1)");
    Schema side =
        SchemaBuilder.string()
            .parameter("io.confluent.connect.avro.Enum", "Side")
            .parameter("io.confluent.connect.avro.Enum.buy", "buy")
            .parameter("io.confluent.connect.avro.Enum.sell", "sell")
            .build();
    Schema schema = row("a", side).build();
    var refusal = assertThrows(Refusal.class, () -> put(schema, Map.of("a", "buy")));
    assertTrue(refusal.getMessage().contains("enum of buy, sell"), refusal.getMessage());
  }

  @Test
  void a_null_inside_an_array_and_an_optional_array_are_refused_where_no_null_fits()
      throws Exception {
    create("a Array(String)");
    var inside = SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build();
    assertThrows(Refusal.class, () -> put(row("a", inside).build(), Map.of("a", List.of())));
    var outside = SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build();
    assertThrows(Refusal.class, () -> put(row("a", outside).build(), Map.of("a", List.of())));
  }

  @Test
  void json_with_a_schema_is_written_as_avro_is() throws Exception {
    create("price Decimal(18, 8), at DateTime64(3), note Nullable(String), tags Array(String)");
    putJson(
        true,
        """
        {"schema": {"type": "struct", "fields": [
           {"field": "id", "type": "int64"}, {"field": "generation", "type": "int32"},
           {"field": "price", "type": "bytes", "name": "org.apache.kafka.connect.data.Decimal",
            "parameters": {"scale": "8"}},
           {"field": "at", "type": "int64", "name": "org.apache.kafka.connect.data.Timestamp"},
           {"field": "note", "type": "string", "optional": true},
           {"field": "tags", "type": "array", "items": {"type": "string"}}]},
         "payload": {"id": 1, "generation": 1, "price": "BfXhAQ==", "at": 1767323040789,
           "note": null, "tags": ["a"]}}
        """);
    assertEquals("1.00000001\t2026-01-02 03:04:00.789\t\\N\t['a']", read("price, at, note, tags"));
  }

  @Test
  void json_without_a_schema_is_held_against_the_table() throws Exception {
    create(
        "price Decimal(18, 8), at DateTime64(3), on_day Date32, side Enum8('buy' = 1),"
            + " note Nullable(String), size UInt16, ratio Float64, ok Bool DEFAULT true,"
            + " tags Array(LowCardinality(String))");
    putJson(
        false,
        """
        {"id": 1, "generation": 1, "price": "1.1", "at": "2026-01-02T04:04:00.789+01:00",
         "on_day": "2026-01-02", "side": "buy", "size": 65535, "ratio": 2, "tags": ["a", "b"]}
        """);
    assertEquals(
        "1.1\t2026-01-02 03:04:00.789\t2026-01-02\tbuy\t\\N\t65535\t2\ttrue\t['a','b']",
        read("price, at, on_day, side, note, size, ratio, ok, tags"));
  }

  @Test
  void json_that_would_be_rounded_or_dropped_is_refused() throws Exception {
    create("price Decimal(18, 8)");
    for (String json :
        List.of(
            "{\"id\": 1, \"generation\": 1, \"price\": 1.1}",
            "{\"id\": 1, \"generation\": 1, \"price\": \"1.000000001\"}",
            "{\"id\": 1, \"generation\": 1, \"price\": \"1e1000000000\"}",
            "{\"id\": 1, \"generation\": 1, \"price\": \"12345678901\"}",
            "{\"id\": 1, \"generation\": 1}",
            "{\"id\": 1.0, \"generation\": 1, \"price\": \"1\"}",
            "{\"id\": 1, \"generation\": 4294967296, \"price\": \"1\"}",
            "{\"id\": 1, \"generation\": 1, \"price\": \"1\", \"more\": 1}")) {
      Refusal refusal = assertThrows(Refusal.class, () -> putJson(false, json), json);
      assertTrue(refusal.reason().ofRecord(), refusal.getMessage());
    }
    assertEquals("", read("price"));
  }

  @Test
  void a_new_field_gets_its_column_and_the_view_when_schemas_may_evolve() throws Exception {
    var evolving = start(Map.of("schema.evolution", "true"));
    write(evolving, List.of(Fixtures.candleAt(1, 1, "10")));
    Schema more =
        candleWith(
            "vwap", Contracts.decimal(18, 8).optional().build(),
            "venue", SchemaBuilder.string().defaultValue("it's").build(),
            "rank", SchemaBuilder.int32().defaultValue(-1).build(),
            "tags", SchemaBuilder.array(Schema.STRING_SCHEMA).defaultValue(List.of()).build());
    Struct value = widen(more, other("B"));
    value.put("vwap", new BigDecimal("2.00000000")).put("venue", "x");
    value.put("rank", 5).put("tags", List.of("t"));
    write(evolving, List.of(Fixtures.record(value, 2), Fixtures.record(other("C"), 3)));
    assertEquals(
        "A\t\\N\tit\\'s\t-1\t[]\nB\t2\tx\t5\t['t']\nC\t\\N\tit\\'s\t-1\t[]",
        engine.query(
            "SELECT symbol, vwap, venue, rank, tags FROM silver.candles_1m ORDER BY symbol"));
  }

  @Test
  void a_view_that_lacks_a_column_because_somebody_died_before_gets_it() throws Exception {
    engine.query("ALTER TABLE silver.candles_1m_rows ADD COLUMN vwap Nullable(Float64)");
    Struct value = widen(candleWith("vwap", Schema.OPTIONAL_FLOAT64_SCHEMA), other("B"));
    write(start(Map.of("schema.evolution", "true")), List.of(Fixtures.record(value, 2)));
    assertEquals("\\N", engine.query("SELECT vwap FROM silver.candles_1m"));
  }

  @Test
  void a_view_of_another_form_is_left_as_it_is() throws Exception {
    engine.query(
        "CREATE VIEW silver.mine AS SELECT symbol FROM silver.candles_1m_rows FINAL WHERE close > 0");
    String before = engine.query("SELECT as_select FROM system.tables WHERE name = 'mine'");
    Struct value = widen(candleWith("vwap", Schema.OPTIONAL_FLOAT64_SCHEMA), other("B"));
    write(start(Map.of("schema.evolution", "true")), List.of(Fixtures.record(value, 2)));
    assertEquals(before, engine.query("SELECT as_select FROM system.tables WHERE name = 'mine'"));
  }

  @Test
  void a_new_field_is_refused_when_schemas_may_not_evolve() throws Exception {
    Struct value = widen(candleWith("vwap", Schema.OPTIONAL_FLOAT64_SCHEMA), other("B"));
    var refusal =
        assertThrows(Refusal.class, () -> start().put(List.of(Fixtures.record(value, 2))));
    assertEquals(Reason.SCHEMA_MISMATCH, refusal.reason());
    assertTrue(refusal.getMessage().contains("schema.evolution"), refusal.getMessage());
  }

  @Test
  void a_new_field_that_old_rows_cannot_answer_for_is_refused_and_changes_nothing()
      throws Exception {
    var evolving = start(Map.of("schema.evolution", "true"));
    Struct value =
        widen(
            candleWith("a", Schema.OPTIONAL_STRING_SCHEMA, "b", Schema.STRING_SCHEMA), other("B"));
    var refusal =
        assertThrows(Refusal.class, () -> evolving.put(List.of(Fixtures.record(value, 2))));
    assertEquals(Reason.SCHEMA_EVOLUTION, refusal.reason());
    assertEquals(
        "0",
        engine.query(
            "SELECT count() FROM system.columns WHERE table = 'candles_1m_rows' AND name = 'a'"));
  }

  private void create(String columns) throws Exception {
    engine.query(
        "CREATE TABLE silver.things (id Int64, "
            + columns
            + ", "
            + COORDINATES
            + ") ENGINE = ReplacingMergeTree(version) ORDER BY id");
    task = start(Map.of("topics", "things", "topic.tables", "things=things"));
  }

  private static SchemaBuilder row(Object... fields) {
    SchemaBuilder row = SchemaBuilder.struct().name("thing");
    row.field("id", Schema.INT64_SCHEMA).field("generation", Schema.INT32_SCHEMA);
    for (int i = 0; i < fields.length; i += 2) {
      row.field((String) fields[i], (Schema) fields[i + 1]);
    }
    return row;
  }

  private void put(Schema schema, Map<String, Object> values) {
    Struct struct = new Struct(schema).put("id", 1L).put("generation", 1);
    values.forEach(struct::put);
    put(schema, (Object) struct);
  }

  private void put(Schema schema, Object value) {
    write(task, List.of(new SinkRecord("things", 0, null, null, schema, value, offset++)));
  }

  private void putJson(boolean schemas, String json) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", schemas), false);
      SchemaAndValue read =
          converter.toConnectData("things", json.getBytes(StandardCharsets.UTF_8));
      put(read.schema(), read.value());
    }
  }

  private static String read(String columns) throws Exception {
    return engine.query("SELECT " + columns + " FROM silver.things FINAL");
  }

  private static Schema candleWith(Object... more) {
    SchemaBuilder wider = SchemaBuilder.struct().name("candle");
    Fixtures.CANDLE.fields().forEach(field -> wider.field(field.name(), field.schema()));
    for (int i = 0; i < more.length; i += 2) {
      wider.field((String) more[i], (Schema) more[i + 1]);
    }
    return wider.build();
  }

  private static Struct widen(Schema schema, Struct candle) {
    Struct wider = new Struct(schema);
    candle.schema().fields().forEach(field -> wider.put(field.name(), candle.get(field)));
    return wider;
  }
}
