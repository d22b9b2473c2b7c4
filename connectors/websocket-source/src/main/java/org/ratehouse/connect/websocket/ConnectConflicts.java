package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of Kafka Connect and of its producer under which trades would be lost or doubled. */
final class ConnectConflicts {

  static final String OFFSETS_TOPIC = "offsets.storage.topic";

  private static final String EXACTLY_ONCE = "exactly.once.support";
  private static final String BOUNDARY = "transaction.boundary";
  private static final String TRANSACTION_TIMEOUT = "producer.override.transaction.timeout.ms";
  private static final String ACKS = "producer.override.acks";
  private static final String IDEMPOTENCE = "producer.override.enable.idempotence";
  private static final Set<String> FILTERS =
      Set.of("org.apache.kafka.connect.transforms.Filter", "Filter");

  /** Ten minutes, the longest time for which Kafka may be away. */
  private static final long LONGEST_OUTAGE_MS = 600_000;

  private final Map<String, String> properties;
  private final List<OptionConflict> conflicts = new ArrayList<>();

  private ConnectConflicts(Map<String, String> properties) {
    this.properties = properties;
  }

  static List<OptionConflict> in(Map<String, String> properties) {
    ConnectConflicts found = new ConnectConflicts(properties);
    found.exactlyOnce();
    found.offsetsTopic();
    found.producer();
    found.nothingSkipped();
    return found.conflicts;
  }

  private void refuse(String option, String message, Object... values) {
    conflicts.add(new OptionConflict(option, message.formatted(values)));
  }

  private String given(String option) {
    String value = properties.get(option);
    return value == null ? "" : value.strip();
  }

  private String found(String option) {
    return given(option).isEmpty() ? "found nothing" : "found " + given(option);
  }

  private void exactlyOnce() {
    if (!given(EXACTLY_ONCE).equalsIgnoreCase("required")) {
      refuse(
          EXACTLY_ONCE,
          "%s must be required; %s. Otherwise trades are written twice after a crash, with one"
              + " identity. Set it, and exactly.once.source.support=enabled on the workers.",
          EXACTLY_ONCE,
          found(EXACTLY_ONCE));
    }
    if (!given(BOUNDARY).isEmpty() && !given(BOUNDARY).equalsIgnoreCase("poll")) {
      refuse(
          BOUNDARY,
          "%s must be poll; %s. What was taken in together would be torn into several"
              + " transactions. Leave it out.",
          BOUNDARY,
          found(BOUNDARY));
    }
  }

  private void offsetsTopic() {
    if (given(OFFSETS_TOPIC).isEmpty()) {
      refuse(
          OFFSETS_TOPIC,
          "%s must name a topic that only this connector uses; found nothing. In the topic that"
              + " all share, a worker that was killed within a transaction holds its successor up"
              + " until that transaction times out. Set it, for example to the connector's name"
              + " with -offsets.",
          OFFSETS_TOPIC);
    }
  }

  private void producer() {
    String timeout = given(TRANSACTION_TIMEOUT);
    if (!timeout.matches("[0-9]{1,10}") || Long.parseLong(timeout) < LONGEST_OUTAGE_MS) {
      refuse(
          TRANSACTION_TIMEOUT,
          "%s must be %d or more, the longest outage of Kafka that is to be lived through (Kafka's"
              + " default is 60000, its brokers' limit 900000); %s. Set it to 900000.",
          TRANSACTION_TIMEOUT,
          LONGEST_OUTAGE_MS,
          found(TRANSACTION_TIMEOUT));
    }
    if (!List.of("", "all", "-1").contains(given(ACKS))) {
      refuse(
          ACKS,
          "%s must be all; %s. A broker that dies would take trades with it. Leave it out.",
          ACKS,
          found(ACKS));
    }
    if (given(IDEMPOTENCE).equalsIgnoreCase("false")) {
      refuse(
          IDEMPOTENCE,
          "%s must be true; %s. A repeated request would double trades. Leave it out.",
          IDEMPOTENCE,
          found(IDEMPOTENCE));
    }
  }

  private void nothingSkipped() {
    if (given(FeedConfig.ERRORS_TOLERANCE).equalsIgnoreCase("all")) {
      refuse(
          FeedConfig.ERRORS_TOLERANCE,
          "%s must not be all: Kafka Connect would skip what a converter cannot convert, and a"
              + " trade would be lost silently. Leave it out, and bad frames go to the"
              + " dead-letter topic; with none they fail the task.",
          FeedConfig.ERRORS_TOLERANCE);
    }
    for (String option : properties.keySet()) {
      if (option.matches("transforms\\..+\\.type") && FILTERS.contains(given(option))) {
        refuse(
            option,
            "%s is Filter, which drops records: a trade would be lost silently. Take it out.",
            option);
      }
    }
  }
}
