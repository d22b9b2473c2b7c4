package org.ratehouse.connect.clickhouse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column, as far as the sink writes it.
 *
 * @param scale of a decimal, or of a DateTime64
 * @param element of an array, else null
 * @param symbols of an enum with their numbers, else empty
 * @param text the type as the server spells it
 */
record ColumnType(
    Kind kind,
    boolean nullable,
    int precision,
    int scale,
    ColumnType element,
    Map<String, Integer> symbols,
    String text) {
  enum Kind {
    STRING,
    BOOL,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINT128,
    FLOAT32,
    FLOAT64,
    DATE,
    DATE32,
    DATETIME64,
    DECIMAL,
    ENUM8,
    ENUM16,
    ARRAY,
    /** A type that no field is written to. */
    OTHER
  }

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("String", Kind.STRING),
          Map.entry("Bool", Kind.BOOL),
          Map.entry("Int8", Kind.INT8),
          Map.entry("Int16", Kind.INT16),
          Map.entry("Int32", Kind.INT32),
          Map.entry("Int64", Kind.INT64),
          Map.entry("UInt8", Kind.UINT8),
          Map.entry("UInt16", Kind.UINT16),
          Map.entry("UInt32", Kind.UINT32),
          Map.entry("UInt64", Kind.UINT64),
          Map.entry("UInt128", Kind.UINT128),
          Map.entry("Float32", Kind.FLOAT32),
          Map.entry("Float64", Kind.FLOAT64),
          Map.entry("Date", Kind.DATE),
          Map.entry("Date32", Kind.DATE32));
  private static final Pattern WRAPPER =
      Pattern.compile("(LowCardinality|Nullable|Array)\\((.*)\\)", Pattern.DOTALL);
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), (\\d+)\\)");
  // One with a time zone is left out on purpose: Trino drops such a column silently. So is one that
  // does not hold milliseconds.
  private static final Pattern DATETIME64 = Pattern.compile("DateTime64\\(([369])\\)");
  private static final Pattern ENUM = Pattern.compile("Enum(8|16)\\((.*)\\)", Pattern.DOTALL);
  private static final Pattern SYMBOL =
      Pattern.compile("'((?:[^'\\\\]|\\\\.)*)' = (-?\\d+)", Pattern.DOTALL);

  static ColumnType parse(String text) {
    Matcher wrapper = WRAPPER.matcher(text);
    if (wrapper.matches()) {
      ColumnType inner = parse(wrapper.group(2));
      return switch (wrapper.group(1)) {
        // LowCardinality is a way to store; on the wire it is the type inside.
        case "LowCardinality" -> inner.with(inner.nullable, text);
        case "Nullable" -> inner.with(true, text);
        default -> new ColumnType(Kind.ARRAY, false, 0, 0, inner, Map.of(), text);
      };
    }
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      return number(
          Kind.DECIMAL,
          Integer.parseInt(decimal.group(1)),
          Integer.parseInt(decimal.group(2)),
          text);
    }
    Matcher time = DATETIME64.matcher(text);
    if (time.matches()) {
      return number(Kind.DATETIME64, 0, Integer.parseInt(time.group(1)), text);
    }
    Matcher symbols = ENUM.matcher(text);
    if (symbols.matches()) {
      Kind kind = symbols.group(1).equals("8") ? Kind.ENUM8 : Kind.ENUM16;
      return new ColumnType(kind, false, 0, 0, null, symbols(symbols.group(2)), text);
    }
    return number(KINDS.getOrDefault(text, Kind.OTHER), 0, 0, text);
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

  private static ColumnType number(Kind kind, int precision, int scale, String text) {
    return new ColumnType(kind, false, precision, scale, null, Map.of(), text);
  }

  private ColumnType with(boolean orNull, String spelled) {
    return new ColumnType(kind, orNull, precision, scale, element, symbols, spelled);
  }

  private static Map<String, Integer> symbols(String list) {
    Map<String, Integer> symbols = new LinkedHashMap<>();
    Matcher symbol = SYMBOL.matcher(list);
    while (symbol.find()) {
      symbols.put(symbol.group(1).translateEscapes(), Integer.parseInt(symbol.group(2)));
    }
    return symbols;
  }
}
