package org.ratehouse.connect.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A strict reading of JSON (RFC 8259) by other means than the source's, for tests to hold the two
 * against each other. Numbers stay as they are written. A field that is there twice, nesting below
 * a thousand levels, or a number of more than a thousand digits makes the text unreadable, as the
 * source has it.
 */
final class OracleJson {

  static final int MOST_DEPTH = 1_000;
  static final int MOST_DIGITS = 1_000;

  /** How many digits about the most a reader may count in its own way. */
  private static final int UNSURE_DIGITS = 10;

  /** The kinds of JSON values. */
  enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
  }

  /**
   * A value.
   *
   * @param text a string's characters, a number's digits; for others what was written
   * @param names of an object's fields, decoded
   * @param values of an object's fields or an array's elements
   * @param source what was written
   */
  record Value(Kind kind, String text, List<String> names, List<Value> values, String source) {

    /** Null when the object has no such field. */
    Value field(String name) {
      int index = names.indexOf(name);
      return index < 0 ? null : values.get(index);
    }

    boolean is(Kind wanted) {
      return kind == wanted;
    }
  }

  /** The text is not JSON. */
  static final class NotJson extends Exception {

    private static final long serialVersionUID = 1L;

    NotJson(String message) {
      super(message, null, false, false);
    }
  }

  private final String text;
  private int at;
  private boolean nearMost;

  OracleJson(String text) {
    this.text = text;
  }

  /** The one value in the text. */
  Value parse() throws NotJson {
    space();
    Value value = value();
    space();
    if (at < text.length()) {
      throw wrong("the end");
    }
    return value;
  }

  /** Whether a number is so long that the text may be readable or not. */
  boolean isNearMost() {
    return nearMost;
  }

  /**
   * An object or an array that is not at its end yet; no recursion, so that no depth is too much.
   */
  private record Open(int start, boolean isObject, List<String> names, List<Value> values) {}

  private Value value() throws NotJson {
    Deque<Open> open = new ArrayDeque<>();
    while (true) {
      Value done = peek() == '{' || peek() == '[' ? begin(open) : scalar();
      while (done != null) {
        if (open.isEmpty()) {
          return done;
        }
        open.peek().values().add(done);
        done = goOn(open);
      }
    }
  }

  /** The container if it is empty; otherwise null, standing before its first value. */
  private Value begin(Deque<Open> open) throws NotJson {
    if (open.size() == MOST_DEPTH) {
      throw new NotJson("nested deeper than " + MOST_DEPTH);
    }
    open.push(new Open(at, peek() == '{', new ArrayList<>(), new ArrayList<>()));
    at++;
    space();
    if (peek() == end(open.peek())) {
      return end(open);
    }
    name(open.peek());
    return null;
  }

  /** The container if it ends here; otherwise null, standing before its next value. */
  private Value goOn(Deque<Open> open) throws NotJson {
    space();
    if (peek() == end(open.peek())) {
      return end(open);
    }
    expect(',');
    space();
    name(open.peek());
    return null;
  }

  private static char end(Open container) {
    return container.isObject() ? '}' : ']';
  }

  private Value end(Deque<Open> open) {
    at++;
    Open ended = open.pop();
    return new Value(
        ended.isObject() ? Kind.OBJECT : Kind.ARRAY,
        "",
        ended.names(),
        ended.values(),
        text.substring(ended.start(), at));
  }

  private void name(Open container) throws NotJson {
    if (container.isObject()) {
      String name = string();
      if (container.names().contains(name)) {
        throw new NotJson("the field " + name + " is there twice");
      }
      container.names().add(name);
      space();
      expect(':');
      space();
    }
  }

  private Value scalar() throws NotJson {
    int start = at;
    switch (peek()) {
      case '"':
        String string = string();
        return new Value(Kind.STRING, string, List.of(), List.of(), text.substring(start, at));
      case 't':
        return word(Kind.TRUE, "true");
      case 'f':
        return word(Kind.FALSE, "false");
      case 'n':
        return word(Kind.NULL, "null");
      default:
        return number(start);
    }
  }

  private String string() throws NotJson {
    expect('"');
    StringBuilder decoded = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) {
        throw wrong("no control character");
      }
      decoded.append(c == '\\' ? escaped() : c);
    }
    at++;
    return decoded.toString();
  }

  private char escaped() throws NotJson {
    char c = peek();
    at++;
    if (c == 'u') {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
        if (digit < 0) {
          throw wrong("a hexadecimal digit");
        }
        code = code * 16 + digit;
        at++;
      }
      return (char) code;
    }
    int index = "\"\\/bfnrt".indexOf(c);
    if (index < 0) {
      throw wrong("an escape");
    }
    return "\"\\/\b\f\n\r\t".charAt(index);
  }

  private Value number(int start) throws NotJson {
    if (peek() == '-') {
      at++;
    }
    int digits = 0;
    if (peek() == '0') {
      at++;
      digits++;
    } else {
      digits += digits();
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits += digits();
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits += digits();
    }
    nearMost |= Math.abs(digits - MOST_DIGITS) <= UNSURE_DIGITS;
    if (digits > MOST_DIGITS + UNSURE_DIGITS) {
      throw new NotJson("a number of " + digits + " digits");
    }
    String source = text.substring(start, at);
    return new Value(Kind.NUMBER, source, List.of(), List.of(), source);
  }

  private int digits() throws NotJson {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw wrong("a digit");
    }
    return at - start;
  }

  private Value word(Kind kind, String word) throws NotJson {
    if (!text.startsWith(word, at)) {
      throw wrong(word);
    }
    at += word.length();
    return new Value(kind, word, List.of(), List.of(), word);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char wanted) throws NotJson {
    if (peek() != wanted) {
      throw wrong(String.valueOf(wanted));
    }
    at++;
  }

  private char peek() throws NotJson {
    if (at >= text.length()) {
      throw wrong("more");
    }
    return text.charAt(at);
  }

  private NotJson wrong(String wanted) {
    return new NotJson("wanted " + wanted + " at " + at);
  }
}
