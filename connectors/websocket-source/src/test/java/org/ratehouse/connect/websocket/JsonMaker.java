package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;

/** Makes pieces of JSON, good ones and ones that a reader may stumble over. */
final class JsonMaker {

  private final Choices choices;

  JsonMaker(Choices choices) {
    this.choices = choices;
  }

  /** A number that most contracts would take. */
  String plainNumber() {
    String digits = Integer.toString(choices.between(1, 99_999));
    return choices.oneIn(2) ? digits : digits + "." + digits();
  }

  /** A number, or nearly one, of any kind. */
  String number() {
    return switch (choices.below(6)) {
      case 0 -> plainNumber();
      case 1 -> strangeNumber();
      case 2 -> digits() + "." + digits() + "e" + (choices.below(40) - 20);
      case 3 -> "0." + "0".repeat(choices.below(12)) + digits();
      case 4 -> digits() + "0".repeat(choices.below(14));
      default -> longNumber();
    };
  }

  private String digits() {
    return Integer.toString(choices.below(1_000_000));
  }

  private String strangeNumber() {
    return choices.of(
        "0",
        "-0",
        "0.0",
        "0e0",
        "-1",
        "-0.00000001",
        "1E+2",
        "1e-8",
        "1e-9",
        "1.10000000000000",
        "9999999999.99999999",
        "10000000000",
        "99999999999.99999999",
        "100000000000",
        "0.000000001",
        "1e999999999",
        "1e-999999999",
        "1e2147483648",
        "1e-2147483648",
        "1e99999999999999999999",
        "0e999999999",
        "0e99999999999",
        "9223372036854775808",
        "1700000000000.0",
        "17e11",
        "1.7E12",
        "253402300799999",
        "253402300800000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1.",
        ".5",
        "01",
        "-",
        "+1",
        "0x10",
        "1_000",
        "1e",
        "1e+",
        "--1",
        "1,5",
        "\uff11\uff12",
        "1d",
        "1f");
  }

  private String longNumber() {
    int length = choices.of(30, 63, 64, 65, 99, 998, 999, 1_000, 1_001, 5_000, 40_000);
    String digit = choices.of("9", "0", "1");
    return switch (choices.below(4)) {
      case 0 -> "1" + digit.repeat(length);
      case 1 -> "1." + digit.repeat(length);
      case 2 -> "0." + "0".repeat(length) + "1";
      default -> "1e" + "0".repeat(length) + "1";
    };
  }

  /** A JSON string, with its quotes unless it is broken. */
  String string() {
    return switch (choices.below(8)) {
      case 0 -> "\"A\"";
      case 1 ->
          "\""
              + choices.of("a", "\\u0000", "\u00e9", "\ud83d\ude00", "\\\\").repeat(length())
              + "\"";
      case 2 -> choices.of("\"", "\"\\\"", "\"\\u12\"", "\"\\x\"", "\"a\u0000\"", "\"\n\"", "'A'");
      default ->
          choices.of(
              "\"\"",
              "\" \"",
              "\"\\u2003\"",
              "\"\\ud800\"",
              "\"\\udc00\\ud83d\"",
              "\"\\ud83d\\ude00\"",
              "\"\\u0000\"",
              "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
              "\"\u200f\u0627\"",
              "\"\ufeffA\"",
              "\"\\u0041\"",
              "\"BINANCE:BTCUSDT\"",
              "\"\u2028\"",
              "\"1.5\"",
              "\"null\"",
              "\"[]\"");
    };
  }

  private int length() {
    return choices.of(1, 15, 64, 65, 255, 256, 257, 500, 4_000, 32_767, 32_768, 70_000);
  }

  /** Any JSON value, or nearly one. */
  String value() {
    return switch (choices.below(10)) {
      case 0, 1, 2 -> number();
      case 3, 4 -> string();
      case 5 -> choices.of("null", "true", "false", "nul", "True", "undefined");
      case 6 -> nested();
      case 7 -> "[" + string() + "," + string() + "]";
      case 8 -> "{\"a\":" + number() + ",\"" + choices.of("b", "a", "\\u0061") + "\":1}";
      default -> choices.of("[]", "{}", "[null]", "[1]", "[[]]", "{\"\":0}", "");
    };
  }

  private String nested() {
    int depth = choices.of(2, 50, 990, 996, 997, 998, 999, 1_000, 1_001, 20_000);
    boolean closed = !choices.oneIn(5);
    return choices.oneIn(2)
        ? "[".repeat(depth) + (closed ? "]".repeat(depth) : "")
        : "{\"a\":".repeat(depth) + "1" + (closed ? "}".repeat(depth) : "");
  }

  /** An object of these fields, in any order. */
  String object(List<String> fields) {
    List<String> order = new ArrayList<>(fields);
    for (int i = order.size() - 1; i > 0; i--) {
      if (choices.oneIn(2)) {
        order.set(i, order.set(choices.below(i + 1), order.get(i)));
      }
    }
    String space = choices.oneIn(8) ? choices.of(" ", "\n\t\r ", "\u00a0", "\f") : "";
    return "{" + space + String.join("," + space, order) + space + "}";
  }
}
