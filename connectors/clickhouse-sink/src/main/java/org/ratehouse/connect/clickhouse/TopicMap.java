package org.ratehouse.connect.clickhouse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Options that say something for each topic: topic=value, separated by commas. */
final class TopicMap {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final long INCARNATION_MAX = 0xffff_ffffL;

  private TopicMap() {}

  static Map<String, String> tables(String option, String text) {
    Map<String, String> tables = parse(option, text, table -> identifier(option, table));
    if (tables.isEmpty()) {
      throw new ConfigException(option + " names no topic, wanted topic=table");
    }
    // The offsets of two topics do not compare, so one table cannot order both.
    if (tables.values().stream().distinct().count() < tables.size()) {
      throw new ConfigException(option + " gives one table to two topics: " + text);
    }
    return tables;
  }

  static Map<String, Long> incarnations(String option, String text) {
    return parse(option, text, value -> incarnation(option, value));
  }

  static boolean isIdentifier(String text) {
    return IDENTIFIER.matcher(text).matches();
  }

  static String identifier(String option, String text) {
    if (!isIdentifier(text)) {
      throw new ConfigException(option + " has " + text + ", wanted a plain identifier");
    }
    return text;
  }

  private static Long incarnation(String option, String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= 1 && value <= INCARNATION_MAX) {
        return value;
      }
    } catch (NumberFormatException none) {
      // Falls through to the same message as a number out of range.
    }
    throw new ConfigException(
        option + " has " + text + ", wanted a number from 1 to " + INCARNATION_MAX);
  }

  private static <T> Map<String, T> parse(String option, String text, Function<String, T> value) {
    Map<String, T> found = new LinkedHashMap<>();
    for (String entry : text.split(",")) {
      if (entry.isBlank()) {
        continue;
      }
      String[] parts = entry.strip().split("=", -1);
      if (parts.length != 2 || parts[0].isBlank()) {
        throw new ConfigException(option + " has " + entry.strip() + ", wanted topic=value");
      }
      if (found.put(parts[0].strip(), value.apply(parts[1].strip())) != null) {
        throw new ConfigException(option + " names topic " + parts[0].strip() + " twice");
      }
    }
    return found;
  }
}
