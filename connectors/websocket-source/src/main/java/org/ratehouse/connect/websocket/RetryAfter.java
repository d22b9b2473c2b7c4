package org.ratehouse.connect.websocket;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The Retry-After header of RFC 9110, 10.2.3: a number of seconds, or a date. */
final class RetryAfter {

  private static final long MOST_SECONDS = Long.MAX_VALUE / 2_000;

  private RetryAfter() {}

  /** How many milliseconds from now; 0 for what cannot be understood or is past. */
  static long millis(String header, long nowMillis) {
    String text = header.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      boolean huge = text.length() > 15;
      return 1_000 * (huge ? MOST_SECONDS : Math.min(Long.parseLong(text), MOST_SECONDS));
    }
    try {
      ZonedDateTime until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Math.max(0, until.toInstant().toEpochMilli() - nowMillis);
    } catch (DateTimeException | ArithmeticException e) {
      return 0;
    }
  }
}
