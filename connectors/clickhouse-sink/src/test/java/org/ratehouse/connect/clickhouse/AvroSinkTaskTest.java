package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** The task as it reads Avro itself, with table and registry in memory. */
class AvroSinkTaskTest {
  private static final TopicPartition CANDLES = new TopicPartition("candles-1m", 0);
  private static final Schema CANDLE = Contracts.avro("candles-1m");

  private final MemoryStore store = new MemoryStore();
  private final MemoryRegistry registry = new MemoryRegistry();
  private final ClickHouseSinkTask task = new ClickHouseSinkTask();
  private final TaskContext context = new TaskContext();
  private long nowMs = 1_000;

  @Test
  void writes_what_came_and_asks_for_a_schema_once() {
    registry.schemas.put(7, CANDLE);
    start(Map.of());
    task.put(candles(7, 0, 10));
    task.put(candles(7, 10, 10));
    assertEquals(20, safe(20));
    assertEquals(20, store.offsets().size());
    assertEquals(List.of(7), registry.asked);
  }

  @Test
  void a_registry_that_is_away_costs_no_record() {
    registry.schemas.put(7, CANDLE);
    registry.away = true;
    start(tolerant());
    assertThrows(RetriableException.class, () -> task.put(candles(7, 0, 10)));
    assertEquals(List.of(), context.errant);
    registry.away = false;
    task.put(candles(7, 0, 10));
    assertEquals(10, safe(10));
    assertEquals(10, store.offsets().size());
  }

  @Test
  void a_schema_that_does_not_fit_stops_the_start_before_there_is_a_record() {
    registry.register("candles-1m", 3, with("\"vwap\",\"type\":\"double\""));
    var refusal = assertThrows(Refusal.class, () -> start(Map.of()));
    assertEquals(Reason.SCHEMA_MISMATCH, refusal.reason());
    assertTrue(refusal.getMessage().contains("field vwap has no column"), refusal.getMessage());
  }

  @Test
  void a_schema_that_does_not_fit_stops_the_task_before_anything_of_its_batch_is_taken() {
    registry.schemas.put(7, CANDLE);
    registry.schemas.put(8, with("\"vwap\",\"type\":\"double\""));
    start(tolerant());
    List<SinkRecord> batch = new ArrayList<>(candles(7, 0, 5));
    batch.add(Framed.record("candles-1m", new byte[] {0, 0, 0, 0, 8}, 5));
    assertEquals(
        Reason.SCHEMA_MISMATCH, assertThrows(Refusal.class, () -> task.put(batch)).reason());
    assertEquals(0, store.offsets().size());
    assertEquals(List.of(), context.errant);
  }

  @Test
  void a_new_field_gets_its_column_with_the_default_of_its_schema() {
    registry.register("candles-1m", 8, with("\"rank\",\"type\":\"int\",\"default\":-1"));
    start(Map.of("schema.evolution", "true"));
    assertEquals(
        List.of("candles_1m_rows [Int32 DEFAULT CAST('-1', 'Int32')]"),
        store.changes.subList(0, 1));
  }

  @Test
  void a_default_that_a_column_can_have_is_its_default_and_another_is_refused() {
    for (String standard :
        List.of(
            "\"type\":\"long\",\"default\":5 | Int64 DEFAULT CAST('5', 'Int64')",
            "\"type\":\"string\",\"default\":\"it's\" | String DEFAULT CAST('it\\'s', 'String')",
            "\"type\":{\"type\":\"array\",\"items\":\"int\"},\"default\":[] | Array(Int32) DEFAULT []",
            "\"type\":[\"null\",\"double\"],\"default\":null | Nullable(Float64)",
            "\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"default\":null"
                + " | Nullable(DateTime64(6))",
            "\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2},"
                + "\"default\":\"\\u0001\\u0000\" | Decimal(9, 2) DEFAULT CAST('2.56', 'Decimal(9, 2)')")) {
      String[] parts = standard.split(" \\| ");
      var fields = new AvroShape(1, with("\"more\"," + parts[0])).schema().orElseThrow();
      assertEquals(
          parts[1], NewColumns.of(Fixtures.candles(), fields).get(0).definition(), standard);
    }
    for (String standard :
        List.of(
            "\"type\":\"bytes\",\"default\":\"a\"",
            "\"type\":{\"type\":\"int\",\"logicalType\":\"date\"},\"default\":1",
            "\"type\":{\"type\":\"array\",\"items\":\"int\"},\"default\":[1]",
            "\"type\":{\"type\":\"map\",\"values\":\"int\"},\"default\":{}")) {
      var fields = new AvroShape(1, with("\"more\"," + standard)).schema().orElseThrow();
      assertThrows(Refusal.class, () -> NewColumns.of(Fixtures.candles(), fields), standard);
    }
  }

  @Test
  void records_of_an_older_and_a_newer_schema_come_mixed() {
    registry.schemas.put(7, CANDLE);
    registry.schemas.put(8, with("\"rank\",\"type\":[\"null\",\"int\"],\"default\":null"));
    start(Map.of("schema.evolution", "true", "insert.linger.ms", "0"));
    List<SinkRecord> batch = new ArrayList<>(candles(7, 0, 2));
    GenericData.Record wide = new GenericData.Record(registry.schemas.get(8));
    GenericData.Record narrow = Contracts.candle("A", 1, "1");
    CANDLE.getFields().forEach(field -> wide.put(field.name(), narrow.get(field.name())));
    batch.add(Framed.record("candles-1m", Framed.value(8, wide, wide.getSchema()), 2));
    batch.addAll(candles(7, 3, 2));
    task.put(batch);
    assertEquals(5, safe(5));
    assertEquals(1, store.changes.size(), "one column for all");
    assertEquals(List.of(7, 8), registry.asked, "each once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "01000000071234", "0000000063", "00000000071234", "0000000009"})
  void what_is_no_record_goes_to_the_dead_letters_as_it_came_and_its_neighbours_are_written(
      String hex) {
    registry.schemas.put(7, CANDLE);
    registry.schemas.put(9, Schema.create(Schema.Type.STRING));
    start(tolerant());
    SinkRecord poisoned = Framed.record("candles-1m", java.util.HexFormat.of().parseHex(hex), 1);
    List<SinkRecord> batch = new ArrayList<>(candles(7, 0, 1));
    batch.add(poisoned);
    batch.addAll(candles(7, 2, 1));
    task.put(batch);
    assertEquals(3, safe(3));
    assertEquals(Set.of(0L, 2L), store.offsets());
    assertEquals(1, context.errant.size());
    assertSame(poisoned, context.errant.get(0));
    assertTrue(context.reasons.get(0).contains("candles-1m-0@1"), context.reasons.get(0));
  }

  @Test
  void a_value_in_another_framing_is_not_taken_for_one_in_ours() {
    registry.schemas.put(7, CANDLE);
    start(tolerant());
    List<SinkRecord> batch = candles(7, 0, 2);
    ((byte[]) batch.get(1).value())[0] = 1;
    task.put(batch);
    assertEquals(2, safe(2));
    assertEquals(Set.of(0L), store.offsets());
    assertSame(batch.get(1), context.errant.get(0));
  }

  @Test
  void a_row_that_the_server_refuses_is_reported_as_it_came() {
    registry.schemas.put(7, CANDLE);
    store.poisoned = Set.of(3L);
    start(tolerant());
    List<SinkRecord> batch = candles(7, 0, 8);
    task.put(batch);
    assertEquals(8, safe(8));
    assertSame(batch.get(3), context.errant.get(0));
    assertEquals(7, store.offsets().size());
  }

  @Test
  void a_record_that_a_converter_has_read_is_refused_with_what_to_change() {
    start(Map.of());
    var refusal = assertThrows(Refusal.class, () -> task.put(Fixtures.minutes(0, 1)));
    assertEquals(Reason.RECORD_SHAPE, refusal.reason());
    assertTrue(refusal.getMessage().contains("wanted bytes"), refusal.getMessage());
  }

  private static List<SinkRecord> candles(int id, int first, int count) {
    List<SinkRecord> records = new ArrayList<>();
    for (int offset = first; offset < first + count; offset++) {
      byte[] value = Framed.value(id, Contracts.candle("A", 1, "1"), CANDLE);
      records.add(Framed.record("candles-1m", value, offset));
    }
    return records;
  }

  /** The candle's schema and one field more; that is a name and its JSON. */
  private static Schema with(String field) {
    String text = CANDLE.toString();
    int end = text.lastIndexOf(']');
    return new Schema.Parser()
        .parse(text.substring(0, end) + ",{\"name\":" + field + "}" + text.substring(end));
  }

  private static Map<String, String> tolerant() {
    return Map.of("errors.tolerance", "all", "errors.deadletterqueue.topic.name", "silver-dlq");
  }

  private void start(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(Fixtures.avroOptions("http://127.0.0.1:1"));
    options.put("topics", "candles-1m");
    options.put("topic.tables", "candles-1m=candles_1m_rows");
    options.putAll(more);
    task.initialize(context);
    task.start(
        new ClickHouseSinkConfig(options),
        store,
        () -> new AvroShapes(registry),
        Runnable::run,
        () -> nowMs);
  }

  private long safe(long delivered) {
    nowMs += 1_000;
    return task.preCommit(Map.of(CANDLES, new OffsetAndMetadata(delivered))).get(CANDLES).offset();
  }
}
