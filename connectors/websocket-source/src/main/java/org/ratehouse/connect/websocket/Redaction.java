package org.ratehouse.connect.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Takes the token out of every text that leaves the process: records, events, messages, logs; also
 * where it is escaped for JSON or encoded for a URL, wholly or in part.
 */
final class Redaction {

  private static final String MASK = "***";
  private static final int MOST_PAYLOAD = 32_768;
  private static final int MOST_REASON = 500;

  /** Null when there is no token. */
  private final Pattern token;

  private final int length;

  Redaction(String token) {
    this.length = token.length();
    this.token = token.isEmpty() ? null : Pattern.compile(anySpelling(token));
  }

  private static String anySpelling(String token) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      char character = token.charAt(i);
      String literal = Pattern.quote(String.valueOf(character));
      pattern.append("(?:").append(literal);
      // Up to two backslashes: JSON within JSON. Without a bound a row of them would take for ever.
      pattern.append("|\\\\{1,2}u(?i:%04x)".formatted((int) character));
      pattern.append("|\\\\{1,2}").append(literal);
      pattern.append(character == ' ' ? "|\\+" : "");
      // A surrogate alone has no bytes; its pair is spelled in one of the ways above.
      if (!Character.isSurrogate(character)) {
        pattern.append("|(?i:").append(percent(character)).append(')');
      }
      pattern.append(')');
    }
    return pattern.toString();
  }

  private static String percent(char character) {
    StringBuilder bytes = new StringBuilder();
    for (byte each : String.valueOf(character).getBytes(StandardCharsets.UTF_8)) {
      bytes.append("%%%02x".formatted(each));
    }
    return bytes.toString();
  }

  /** A frame or a trade, for the dead-letter topic. */
  String payload(String text) {
    return cut(strip(text), MOST_PAYLOAD);
  }

  /** Of a binary frame, in which the token cannot be seen, all is taken out when it is there. */
  String base64(String base64) {
    String bytes = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    return token != null && token.matcher(bytes).find() ? MASK : base64;
  }

  /** What a venue or a library said, for a reason, a detail or a log line. */
  String reason(String text) {
    return cut(strip(text), MOST_REASON);
  }

  /** Whether the token is in a text, which must then not be written at all. */
  boolean isIn(String text) {
    return token != null && text.length() >= length && token.matcher(text).find();
  }

  private String strip(String text) {
    return token == null ? text : token.matcher(text).replaceAll(MASK);
  }

  /** Cut after the token is out, or a part of it could stay; and never through a character. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
