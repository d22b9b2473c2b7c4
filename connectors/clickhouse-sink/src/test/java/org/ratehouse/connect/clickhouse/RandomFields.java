package org.ratehouse.connect.clickhouse;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * Fields of every type that a column takes, and values of them: ends of ranges, and beyond them.
 */
final class RandomFields {
  /**
   * @param avro the type, as JSON
   * @param column the type of its column
   */
  record Pair(String avro, String column) {
    Schema schema() {
      return new Schema.Parser().parse(avro);
    }
  }

  static final List<Pair> PAIRS =
      List.of(
          new Pair("\"string\"", "String"),
          new Pair("\"string\"", "LowCardinality(String)"),
          new Pair("\"string\"", "Enum8('a' = -1, 'b' = 2)"),
          new Pair(symbols("a", "b"), "Enum16('b' = 300, 'a' = 1)"),
          new Pair(symbols("a", "b"), "Enum8('b' = 3, 'a' = 1)"),
          new Pair(symbols("a", "b"), "String"),
          new Pair("\"bytes\"", "String"),
          new Pair("{\"type\":\"fixed\",\"name\":\"F\",\"size\":5}", "String"),
          new Pair("\"boolean\"", "Bool"),
          new Pair("\"float\"", "Float32"),
          new Pair("\"double\"", "Float64"),
          new Pair("\"int\"", "Int32"),
          new Pair("\"int\"", "UInt32"),
          new Pair("{\"type\":\"int\",\"connect.type\":\"int8\"}", "Int8"),
          new Pair("{\"type\":\"int\",\"connect.type\":\"int16\"}", "UInt16"),
          new Pair("\"long\"", "Int64"),
          new Pair("\"long\"", "UInt64"),
          new Pair(logical("int", "date", ""), "Date32"),
          new Pair(logical("int", "date", ""), "Date"),
          new Pair(logical("long", "timestamp-millis", ""), "DateTime64(3)"),
          new Pair(logical("long", "timestamp-millis", ""), "DateTime64(6)"),
          new Pair(logical("long", "timestamp-millis", ""), "DateTime64(9)"),
          new Pair(decimal(9, 2), "Decimal(9, 2)"),
          new Pair(decimal(18, 8), "Decimal(18, 8)"),
          new Pair(decimal(19, 0), "Decimal(19, 0)"),
          new Pair(decimal(38, 16), "Decimal(38, 16)"),
          new Pair(decimal(76, 30), "Decimal(76, 30)"));

  private final Random random;

  RandomFields(Random random) {
    this.random = random;
  }

  Pair pair() {
    return PAIRS.get(random.nextInt(PAIRS.size()));
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** A value as Avro's generic writer takes it. */
  Object value(Schema schema) {
    if (schema.isUnion()) {
      List<Schema> types = schema.getTypes();
      return value(types.get(random.nextInt(types.size())));
    }
    if (schema.getLogicalType() instanceof org.apache.avro.LogicalTypes.Decimal decimal) {
      return ByteBuffer.wrap(unscaled(decimal.getPrecision()));
    }
    return switch (schema.getType()) {
      case NULL -> null;
      case STRING -> List.of("a", "b", "", "€uro", "x".repeat(300)).get(random.nextInt(5));
      case ENUM -> new GenericData.EnumSymbol(schema, oneIn(2) ? "a" : "b");
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(40)));
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case BOOLEAN -> random.nextBoolean();
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case INT -> integer(schema);
      case LONG -> schema.getLogicalType() == null ? number() : time();
      case ARRAY -> array(schema);
      default -> throw new IllegalArgumentException(schema.toString());
    };
  }

  private List<Object> array(Schema schema) {
    List<Object> values = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      values.add(value(schema.getElementType()));
    }
    return values;
  }

  private int integer(Schema schema) {
    if (schema.getProp("connect.type") != null) {
      return (byte) random.nextInt();
    }
    if (schema.getLogicalType() != null) {
      // Around the ends of Date, and of Date32.
      return List.of(0, -1, 65_535, 65_536, -25_567, -25_568, 120_529, 120_530)
          .get(random.nextInt(8));
    }
    return (int) number();
  }

  private long number() {
    return switch (random.nextInt(5)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextLong();
      default -> random.nextInt(1_000) - 500L;
    };
  }

  private long time() {
    return switch (random.nextInt(6)) {
      case 0 -> -2_208_988_800_000L - random.nextInt(2);
      case 1 -> 10_413_792_000_000L - random.nextInt(2);
      case 2 -> 9_223_372_036_854L + random.nextInt(3);
      case 3 -> random.nextLong();
      default -> random.nextInt() * 1_000L + random.nextInt(1_000);
    };
  }

  /** Of all lengths, with useless bytes before them, and sometimes a digit too many. */
  private byte[] unscaled(int precision) {
    BigInteger bound = BigInteger.TEN.pow(precision);
    BigInteger value =
        switch (random.nextInt(6)) {
          case 0 -> bound.subtract(BigInteger.ONE);
          case 1 -> bound;
          case 2 -> BigInteger.valueOf(random.nextInt(256) - 128L);
          default -> new BigInteger(1 + random.nextInt(bound.bitLength() + 1), random);
        };
    byte[] bytes = (oneIn(2) ? value : value.negate()).toByteArray();
    if (oneIn(4)) {
      byte[] longer = new byte[bytes.length + 1 + random.nextInt(20)];
      java.util.Arrays.fill(longer, (byte) (bytes[0] < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, longer, longer.length - bytes.length, bytes.length);
      return longer;
    }
    return bytes;
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String symbols(String first, String second) {
    return "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"%s\",\"%s\"]}"
        .formatted(first, second);
  }

  private static String logical(String type, String name, String more) {
    return "{\"type\":\"%s\",\"logicalType\":\"%s\"%s}".formatted(type, name, more);
  }

  private static String decimal(int precision, int scale) {
    return logical(
        "bytes", "decimal", ",\"precision\":%d,\"scale\":%d".formatted(precision, scale));
  }
}
