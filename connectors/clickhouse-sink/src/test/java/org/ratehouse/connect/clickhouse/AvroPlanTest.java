package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.utils.converter.avro.AvroData;
import io.apicurio.registry.utils.converter.avro.AvroDataConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

class AvroPlanTest {
  private static final int SCHEMAS = 400;
  private static final int RECORDS = 25;

  /** Rows, as bytes, or why there is none. */
  private record Outcome(List<Byte> row, Reason refused) {}

  @Test
  void rows_are_those_that_the_converter_and_its_structs_make() {
    AvroData converter = new AvroData(new AvroDataConfig(Map.of()));
    int written = 0;
    int refused = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      RandomFields random = new RandomFields(new Random(seed));
      List<Table.Column> columns = new ArrayList<>();
      Schema schema = schema(random, columns);
      Table table = table(columns);
      RowPlan avro = new AvroShape(1, schema).plan(table);
      for (int i = 0; i < RECORDS; i++) {
        GenericData.Record value = new GenericData.Record(schema);
        schema.getFields().forEach(field -> value.put(field.name(), random.value(field.schema())));
        SchemaAndValue converted = converter.toConnectData(schema, value);
        RowPlan struct = StructPlan.of(table, converted.schema());
        SinkRecord old =
            new SinkRecord("t", 0, null, null, converted.schema(), converted.value(), i);
        Outcome expected = outcome(struct, old);
        Outcome found = outcome(avro, Framed.record("t", Framed.value(1, value, schema), i));
        assertEquals(expected, found, () -> schema + " " + value);
        assertEquals(struct.columns(), avro.columns());
        written += expected.refused() == null ? 1 : 0;
        refused += expected.refused() == null ? 0 : 1;
      }
    }
    assertTrue(written > SCHEMAS, written + " rows were compared");
    assertTrue(refused > SCHEMAS, refused + " refusals were compared");
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp-micros, 6, 1969-12-31T23:59:59.999999Z",
    "timestamp-micros, 9, 1999-01-01T00:00:00.000001Z",
    "timestamp-nanos, 9, 2262-04-11T23:47:16.854775807Z",
    "timestamp-micros, 3, 2026-01-01T00:00:00.123Z",
    "timestamp-nanos, 6, 1901-01-01T00:00:00.000001Z"
  })
  void a_finer_time_keeps_all_its_digits(String unit, int digits, Instant time) {
    ColumnType column = ColumnType.parse("DateTime64(" + digits + ")");
    RowBinary expected = new RowBinary();
    ColumnValues.instant(column).write(time, expected);
    Outcome row = time(unit, column, value(unit, time));
    assertEquals(bytes(expected), row.row().subList(0, Long.BYTES));
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp-micros, 3, 1",
    "timestamp-nanos, 6, 1001",
    "timestamp-micros, 6, -2208988800000001",
    "timestamp-micros, 6, 10413792000000000",
    "timestamp-micros, 9, 9223372036854776",
    "timestamp-micros, 9, -9223372036854776808"
  })
  void a_time_that_the_column_cannot_hold_is_refused(String unit, int digits, String value) {
    ColumnType column = ColumnType.parse("DateTime64(" + digits + ")");
    assertEquals(
        Reason.VALUE_OUT_OF_RANGE,
        time(unit, column, new java.math.BigInteger(value).longValue()).refused());
  }

  @Test
  void a_value_that_was_cut_off_or_goes_on_is_refused_wherever_it_ends() {
    Schema schema = Contracts.avro("candles-1m");
    RowPlan plan = new AvroShape(1, schema).plan(Fixtures.candles());
    byte[] whole = Framed.value(1, Contracts.candle("A", 1, "1"), schema);
    assertEquals(null, outcome(plan, Framed.record("t", whole, 1)).refused());
    for (int size = AvroShapes.HEADER; size < whole.length; size++) {
      byte[] less = Arrays.copyOf(whole, size);
      // A decimal that was cut to no bytes is out of range; all else is no value at all.
      assertTrue(outcome(plan, Framed.record("t", less, 1)).refused().ofRecord(), size + " bytes");
    }
    byte[] more = Arrays.copyOf(whole, whole.length + 1);
    assertEquals(Reason.RECORD_SHAPE, outcome(plan, Framed.record("t", more, 1)).refused());
  }

  @Test
  void bytes_that_are_no_value_are_refused_as_a_records_fault_whatever_they_are() {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      RandomFields random = new RandomFields(new Random(seed));
      List<Table.Column> columns = new ArrayList<>();
      Schema schema = schema(random, columns);
      RowPlan plan = new AvroShape(1, schema).plan(table(columns));
      for (int i = 0; i < RECORDS; i++) {
        byte[] junk = new byte[AvroShapes.HEADER + i];
        new Random(seed * 1_000L + i).nextBytes(junk);
        Outcome outcome = outcome(plan, Framed.record("t", junk, i));
        assertTrue(outcome.refused() == null || outcome.refused().ofRecord(), schema::toString);
      }
    }
  }

  @Test
  void an_array_in_parts_is_one_array() {
    RowPlan plan = plan("{\"type\":\"array\",\"items\":\"int\"}", "Array(Int32)");
    // Two parts, the second with its size in bytes before it, as a negative count tells.
    byte[] value = {0, 0, 0, 0, 1, 4, 2, 4, 1, 2, 6, 0};
    RowBinary row = new RowBinary();
    plan.write(Framed.record("t", value, 7), 1, row);
    RowBinary expected = new RowBinary();
    expected.length(3);
    List.of(1, 2, 3).forEach(expected::int32);
    expected.int32(1);
    expected.int64(7);
    assertArrayEquals(expected.bytes(), row.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"map\",\"values\":\"int\"}",
        "[\"int\",\"string\"]",
        "[\"null\",\"int\",\"string\"]",
        "\"null\"",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\"type\":[\"null\",\"R\"]}]}",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
        "[\"null\",\"long\"]"
      })
  void a_type_that_the_column_does_not_hold_is_refused_before_any_record(String type) {
    Refusal refusal = assertThrows(Refusal.class, () -> plan(type, "Int64"));
    assertEquals(Reason.SCHEMA_MISMATCH, refusal.reason());
    assertTrue(refusal.getMessage().contains("field f0"), refusal.getMessage());
  }

  private static Schema schema(RandomFields random, List<Table.Column> columns) {
    List<Schema.Field> fields = new ArrayList<>();
    Schema none = Schema.create(Schema.Type.NULL);
    Supplier<String> name = () -> "f" + fields.size();
    for (int i = 0; i < 6; i++) {
      RandomFields.Pair pair = random.pair();
      Schema type = pair.schema();
      if (type.getType() == Schema.Type.ENUM || type.getType() == Schema.Type.FIXED) {
        // A name stands for one type in a schema.
        type = new Schema.Parser().parse(pair.avro().replaceFirst("\"(E|F)\"", "\"N" + i + "\""));
      }
      String column = pair.column();
      if (random.oneIn(2)) {
        type = random.oneIn(2) ? Schema.createUnion(none, type) : Schema.createUnion(type, none);
        column = orNull(column);
      } else if (random.oneIn(3)) {
        column = orNull(column);
      }
      if (random.oneIn(3)) {
        type = Schema.createArray(type);
        column = "Array(" + column + ")";
      }
      columns.add(Fixtures.column(name.get(), column));
      fields.add(new Schema.Field(name.get(), type));
    }
    return Schema.createRecord("Random", null, "test", false, fields);
  }

  private static String orNull(String column) {
    String inner = column.replace("LowCardinality(String)", "String");
    return inner.equals(column)
        ? "Nullable(" + column + ")"
        : "LowCardinality(Nullable(" + inner + "))";
  }

  private static RowPlan plan(String type, String column) {
    Schema field = new Schema.Parser().parse(type);
    Schema schema =
        Schema.createRecord("One", null, "test", false, List.of(new Schema.Field("f0", field)));
    return new AvroShape(1, schema).plan(table(List.of(Fixtures.column("f0", column))));
  }

  private static Table table(List<Table.Column> columns) {
    return new Table("t", "ReplacingMergeTree", "ReplacingMergeTree", "f0", "", columns);
  }

  private static Outcome time(String unit, ColumnType column, long value) {
    String type = "{\"type\":\"long\",\"logicalType\":\"" + unit + "\"}";
    Schema schema =
        Schema.createRecord(
            "One",
            null,
            "test",
            false,
            List.of(new Schema.Field("f0", new Schema.Parser().parse(type))));
    GenericData.Record record = new GenericData.Record(schema);
    record.put("f0", value);
    return outcome(
        plan(type, column.text()), Framed.record("t", Framed.value(1, record, schema), 1));
  }

  private static long value(String unit, Instant time) {
    int perSecond = unit.equals("timestamp-micros") ? 1_000_000 : 1_000_000_000;
    // Not multiplyExact: the last nanosecond there is takes the sum of both.
    return time.getEpochSecond() * perSecond + time.getNano() / (1_000_000_000 / perSecond);
  }

  private static Outcome outcome(RowPlan plan, SinkRecord record) {
    RowBinary out = new RowBinary();
    try {
      plan.write(record, 1, out);
      return new Outcome(bytes(out), null);
    } catch (Refusal refusal) {
      return new Outcome(List.of(), refusal.reason());
    }
  }

  private static List<Byte> bytes(RowBinary row) {
    List<Byte> bytes = new ArrayList<>();
    for (byte each : row.bytes()) {
      bytes.add(each);
    }
    return bytes;
  }
}
