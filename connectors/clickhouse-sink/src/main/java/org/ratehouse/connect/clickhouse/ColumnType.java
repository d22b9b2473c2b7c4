package org.ratehouse.connect.clickhouse;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column, as far as the sink writes it.
 *
 * @param text the type as the server spells it
 */
record ColumnType(Kind kind, boolean nullable, int precision, int scale, String text) {
  enum Kind {
    STRING,
    BOOL,
    INT32,
    INT64,
    UINT32,
    UINT64,
    UINT128,
    FLOAT64,
    DATETIME64_MS,
    DECIMAL,
    /** A type that no field is written to. */
    OTHER
  }

  // A DateTime64 with a time zone is left out on purpose: Trino drops such a column silently.
  private static final Map<String, Kind> KINDS =
      Map.of(
          "String", Kind.STRING,
          "Bool", Kind.BOOL,
          "Int32", Kind.INT32,
          "Int64", Kind.INT64,
          "UInt32", Kind.UINT32,
          "UInt64", Kind.UINT64,
          "UInt128", Kind.UINT128,
          "Float64", Kind.FLOAT64,
          "DateTime64(3)", Kind.DATETIME64_MS);
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), (\\d+)\\)");
  private static final Pattern LOW_CARDINALITY = Pattern.compile("LowCardinality\\((.*)\\)");
  private static final Pattern NULLABLE = Pattern.compile("Nullable\\((.*)\\)");

  static ColumnType parse(String text) {
    // LowCardinality is a way to store; on the wire it is the type inside.
    String plain = LOW_CARDINALITY.matcher(text).replaceFirst("$1");
    Matcher nullable = NULLABLE.matcher(plain);
    boolean optional = nullable.matches();
    String inner = optional ? nullable.group(1) : plain;
    Matcher decimal = DECIMAL.matcher(inner);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      return new ColumnType(Kind.DECIMAL, optional, precision, scale, text);
    }
    return new ColumnType(KINDS.getOrDefault(inner, Kind.OTHER), optional, 0, 0, text);
  }

  /** Bytes of a decimal on the wire. */
  int decimalWidth() {
    if (precision <= 9) {
      return 4;
    }
    if (precision <= 18) {
      return 8;
    }
    return precision <= 38 ? 16 : 32;
  }
}
