package org.ratehouse.connect.websocket;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Takes the token out of every text that leaves the process: records, events, messages, logs. */
final class Redaction {

  private static final String MASK = "***";
  private static final int MOST_PAYLOAD = 32_768;
  private static final int MOST_REASON = 500;

  private final String token;
  private final String encoded;

  Redaction(String token) {
    this.token = token;
    this.encoded = URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  /** A frame or a trade, for the dead-letter topic. */
  String payload(String text) {
    return cut(strip(text), MOST_PAYLOAD);
  }

  /** What a venue or a library said, for a reason, a detail or a log line. */
  String reason(String text) {
    return cut(strip(text), MOST_REASON);
  }

  private String strip(String text) {
    return token.isEmpty() ? text : text.replace(encoded, MASK).replace(token, MASK);
  }

  /** Cut after the token is out, or a part of it could stay; and never through a character. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
