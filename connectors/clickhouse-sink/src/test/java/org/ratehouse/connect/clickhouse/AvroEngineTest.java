package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Avro's bytes into the real engine, read back as text; the registry is one over HTTP. */
class AvroEngineTest extends EngineTest {
  private final RegistryServer registry = new RegistryServer();

  @AfterEach
  void stopRegistry() {
    registry.close();
  }

  @Test
  void a_candle_of_the_contract_comes_back_with_every_digit() throws Exception {
    Schema schema = Contracts.avro("candles-1m");
    registry.register("candles-1m-value", 7, schema.toString());
    GenericData.Record candle = Contracts.candle("BITSTAMP:€", 1, "0.00000001");
    candle.put("volume", unscaled("-12345678901234567890123456789012345678"));
    candle.put("turnover", unscaled("99999999999999999999999999999999999999"));
    candle.put("low", unscaled("-999999999999999999"));
    write(avro(Map.of()), List.of(record("candles-1m", 7, candle, 1)));
    assertEquals(
        "BITSTAMP:€\t2026-01-02 03:04:00.000\t-123456789012345678901234567890.12345678"
            + "\t9999999999999999999999.9999999999999999\t-9999999999.99999999\t0.00000001\t1",
        engine.query(
            "SELECT symbol, window_start, volume, turnover, low, close, generation"
                + " FROM silver.candles_1m"));
  }

  @Test
  void every_type_comes_back_as_it_was() throws Exception {
    engine.query(
        "CREATE TABLE silver.things (id Int64, generation UInt32, e Enum8('buy' = -1, 'sell' = 2),"
            + " t DateTime64(6), d Date32, b Bool, f Float32, x String, n Nullable(Int64),"
            + " a Array(Nullable(Decimal(9, 2))), topic_incarnation UInt32, kafka_offset UInt64,"
            + " version UInt128 MATERIALIZED "
            + TableCheck.VERSION_EXPRESSION
            + ") ENGINE = ReplacingMergeTree(version) ORDER BY id");
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Thing", "fields": [
                  {"name": "id", "type": "long"}, {"name": "generation", "type": "int"},
                  {"name": "e", "type": {"type": "enum", "name": "Side", "symbols": ["sell", "buy"]}},
                  {"name": "t", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "d", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "b", "type": "boolean"}, {"name": "f", "type": "float"},
                  {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}},
                  {"name": "n", "type": ["null", "long"]},
                  {"name": "a", "type": {"type": "array", "items": ["null",
                    {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}]}}]}
                """);
    registry.register("things-value", 9, schema.toString());
    GenericData.Record thing = new GenericData.Record(schema);
    thing.put("id", 1L);
    thing.put("generation", 1);
    thing.put("e", new GenericData.EnumSymbol(schema.getField("e").schema(), "buy"));
    thing.put("t", -1L);
    thing.put("d", -25_567);
    thing.put("b", true);
    thing.put("f", 0.1f);
    thing.put("x", new GenericData.Fixed(schema.getField("x").schema(), new byte[] {0, -1}));
    List<Object> amounts = new ArrayList<>(List.of(unscaled("-101")));
    amounts.add(null);
    thing.put("a", amounts);
    write(
        avro(Map.of("topics", "things", "topic.tables", "things=things")),
        List.of(record("things", 9, thing, 5)));
    assertEquals(
        "buy\t1969-12-31 23:59:59.999999\t1900-01-01\ttrue\t0.1\t00FF\t\\N\t[-1.01,NULL]\t5",
        engine.query("SELECT e, t, d, b, f, hex(x), n, a, kafka_offset FROM silver.things FINAL"));
  }

  private ClickHouseSinkTask avro(Map<String, String> more) {
    Map<String, String> options = Fixtures.avroOptions(registry.url());
    options.keySet().removeIf(option -> option.startsWith("clickhouse."));
    options.putAll(more);
    return start(options);
  }

  private static SinkRecord record(String topic, int id, GenericData.Record value, long offset) {
    return Framed.record(topic, Framed.value(id, value, value.getSchema()), offset);
  }

  private static ByteBuffer unscaled(String value) {
    return ByteBuffer.wrap(new BigInteger(value).toByteArray());
  }
}
