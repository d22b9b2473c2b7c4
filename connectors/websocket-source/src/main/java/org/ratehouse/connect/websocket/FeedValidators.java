package org.ratehouse.connect.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks of options that Kafka has no validator for. A refused URL is not repeated in the message:
 * what makes it wrong may be the secret in it.
 */
final class FeedValidators {

  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private FeedValidators() {}

  static Validator url() {
    return LambdaValidator.with(FeedValidators::checkUrl, () -> "ws:// or wss:// with no query");
  }

  static Validator venue() {
    return LambdaValidator.with(
        (name, value) -> {
          if (value != null && Venues.named((String) value) == null) {
            throw new ConfigException(
                "%s must be one of %s; found '%s'."
                    .formatted(name, String.join(", ", Venues.names()), value));
          }
        },
        () -> "one of the venues below");
  }

  static Validator symbols() {
    return LambdaValidator.with(FeedValidators::checkSymbols, () -> "none of them blank");
  }

  static Validator topic() {
    return LambdaValidator.with(FeedValidators::checkTopic, () -> "a name of a Kafka topic");
  }

  static Validator topicOrNone() {
    return LambdaValidator.with(
        (name, value) -> {
          if (value != null && !((String) value).isEmpty()) {
            checkTopic(name, value);
          }
        },
        () -> "a name of a Kafka topic, or empty");
  }

  private static void checkUrl(String name, Object value) {
    if (value == null) {
      return; // Missing is reported by Kafka itself.
    }
    URI url;
    try {
      url = new URI((String) value);
    } catch (URISyntaxException e) {
      throw new ConfigException(name + " is not a URL: " + e.getReason() + ".");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new ConfigException(
          name + " must not contain a query: put the token into " + FeedConfig.FEED_TOKEN + ".");
    }
    if (url.getRawUserInfo() != null) {
      throw new ConfigException(
          name + " must not contain a user: put the token into " + FeedConfig.FEED_TOKEN + ".");
    }
    boolean webSocket =
        "ws".equalsIgnoreCase(url.getScheme()) || "wss".equalsIgnoreCase(url.getScheme());
    if (!webSocket || url.getHost() == null) {
      throw new ConfigException(
          name + " must be ws://host or wss://host, with a port and a path if need be.");
    }
  }

  private static void checkTopic(String name, Object value) {
    if (value == null) {
      return;
    }
    if (!TOPIC.matcher((String) value).matches() || value.equals(".") || value.equals("..")) {
      throw new ConfigException(
          "%s must be a name that Kafka takes for a topic, 1 to 249 letters, digits, dots, _ and -;"
                  .formatted(name)
              + " found '%s'.".formatted(value));
    }
  }

  private static void checkSymbols(String name, Object value) {
    if (value == null) {
      return;
    }
    List<?> symbols = (List<?>) value;
    if (symbols.stream().anyMatch(symbol -> ((String) symbol).isBlank())) {
      throw new ConfigException(
          name + " has a blank symbol among " + symbols.size() + ": take out the comma too many.");
    }
  }
}
