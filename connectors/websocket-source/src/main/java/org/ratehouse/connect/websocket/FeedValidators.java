package org.ratehouse.connect.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks of options that Kafka has no validator for. A refused URL is not repeated in the message:
 * what makes it wrong may be the secret in it.
 */
final class FeedValidators {

  private FeedValidators() {}

  static Validator url() {
    return LambdaValidator.with(FeedValidators::checkUrl, () -> "ws:// or wss:// with no query");
  }

  static Validator symbols() {
    return LambdaValidator.with(
        FeedValidators::checkSymbols, () -> "one or more, none of them blank");
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

  private static void checkSymbols(String name, Object value) {
    if (value == null) {
      return;
    }
    List<?> symbols = (List<?>) value;
    if (symbols.isEmpty() || symbols.stream().anyMatch(symbol -> ((String) symbol).isBlank())) {
      throw new ConfigException(name + " must name one symbol or more, none of them blank.");
    }
  }
}
