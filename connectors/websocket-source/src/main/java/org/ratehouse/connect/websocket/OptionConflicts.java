package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedConfig.BACKOFF_INITIAL_MS;
import static org.ratehouse.connect.websocket.FeedConfig.BACKOFF_MAX_MS;
import static org.ratehouse.connect.websocket.FeedConfig.BATCH_MAX_TRADES;
import static org.ratehouse.connect.websocket.FeedConfig.FRAME_MAX_BYTES;
import static org.ratehouse.connect.websocket.FeedConfig.PING_INTERVAL_MS;
import static org.ratehouse.connect.websocket.FeedConfig.PONG_TIMEOUT_MS;
import static org.ratehouse.connect.websocket.FeedConfig.QUEUE_MAX_BYTES;
import static org.ratehouse.connect.websocket.FeedConfig.QUEUE_MAX_TRADES;
import static org.ratehouse.connect.websocket.FeedConfig.WATCHDOG_MS;
import static org.ratehouse.connect.websocket.FeedConfig.WATCHDOG_SYMBOL_MS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;

/** Options of which each is right by itself and which together would break a promise. */
final class OptionConflicts {

  private static final String TOPICS_MUST_DIFFER =
      "%s and %s are both %s: their records would be mixed. Give each a topic of its own.";

  private final Map<String, Object> valid;
  private final List<OptionConflict> conflicts = new ArrayList<>();

  private OptionConflicts(Map<String, Object> valid) {
    this.valid = valid;
  }

  /**
   * All conflicts at once.
   *
   * @param parsed every option of {@link FeedConfig} with its value or what is wrong with it
   * @param properties the connector's, as they came
   */
  static List<OptionConflict> in(List<ConfigValue> parsed, Map<String, String> properties) {
    Map<String, Object> valid = new TreeMap<>();
    for (ConfigValue value : parsed) {
      if (value.errorMessages().isEmpty() && value.value() != null) {
        valid.put(value.name(), value.value());
      }
    }
    OptionConflicts found = new OptionConflicts(valid);
    found.numbers();
    found.topics(properties);
    found.conflicts.addAll(FeedConflicts.in(valid, properties));
    found.conflicts.addAll(ContractConflicts.in(valid));
    found.conflicts.addAll(ConnectConflicts.in(properties));
    return found.conflicts;
  }

  private void numbers() {
    notAbove(BACKOFF_INITIAL_MS, BACKOFF_MAX_MS, "waits could not grow");
    notAbove(BATCH_MAX_TRADES, QUEUE_MAX_TRADES, "so many would never wait together");
    notAbove(FRAME_MAX_BYTES, QUEUE_MAX_BYTES, "such a frame would not fit into the queue");
    below(PING_INTERVAL_MS, PONG_TIMEOUT_MS);
    below(PING_INTERVAL_MS, WATCHDOG_MS);
    below(PING_INTERVAL_MS, WATCHDOG_SYMBOL_MS);
  }

  private void notAbove(String lower, String upper, String why) {
    if (valid.get(lower) instanceof Number low
        && valid.get(upper) instanceof Number high
        && low.longValue() > high.longValue()) {
      conflicts.add(
          new OptionConflict(
              lower,
              "%s is %d, which is more than %s, %d: %s. Lower the one or raise the other."
                  .formatted(lower, low.longValue(), upper, high.longValue(), why)));
    }
  }

  /** Of a watchdog, which 0 turns off. */
  private void below(String pings, String watchdog) {
    if (valid.get(pings) instanceof Number interval
        && valid.get(watchdog) instanceof Number limit
        && limit.longValue() != 0
        && interval.longValue() >= limit.longValue()) {
      conflicts.add(
          new OptionConflict(
              pings,
              ("%s is %d, not below %s, %d: a stall would be seen before a ping could tell since"
                      + " when. Lower the one or raise the other, or turn the watchdog off with 0.")
                  .formatted(pings, interval.longValue(), watchdog, limit.longValue())));
    }
  }

  private void topics(Map<String, String> properties) {
    List<String> names =
        Arrays.asList(
            FeedConfig.TOPIC_TRADES,
            FeedConfig.TOPIC_FEED_EVENTS,
            FeedConfig.TOPIC_DLQ,
            FeedConfig.FEED_SYMBOLS_TOPIC,
            ConnectConflicts.OFFSETS_TOPIC);
    Map<String, String> firstWith = new TreeMap<>();
    for (String name : names) {
      Object topic = valid.containsKey(name) ? valid.get(name) : properties.get(name);
      if (topic instanceof String text && !text.isBlank()) {
        String other = firstWith.putIfAbsent(text, name);
        if (other != null) {
          conflicts.add(new OptionConflict(name, TOPICS_MUST_DIFFER.formatted(other, name, text)));
        }
      }
    }
  }
}
