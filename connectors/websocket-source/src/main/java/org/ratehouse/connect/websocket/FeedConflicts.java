package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedConfig.FEED_SYMBOLS;
import static org.ratehouse.connect.websocket.FeedConfig.FEED_SYMBOLS_BOOTSTRAP_SERVERS;
import static org.ratehouse.connect.websocket.FeedConfig.FEED_SYMBOLS_CONSUMER_PREFIX;
import static org.ratehouse.connect.websocket.FeedConfig.FEED_SYMBOLS_TOPIC;
import static org.ratehouse.connect.websocket.FeedConfig.FEED_TOKEN;
import static org.ratehouse.connect.websocket.FeedConfig.FEED_URL;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.types.Password;

/** Where a feed's token would go, and how its symbols and tokens fit together. */
final class FeedConflicts {

  private static final String TASKS_MAX = "tasks.max";
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private final Map<String, Object> valid;
  private final Map<String, String> properties;
  private final List<OptionConflict> conflicts = new ArrayList<>();

  private FeedConflicts(Map<String, Object> valid, Map<String, String> properties) {
    this.valid = valid;
    this.properties = properties;
  }

  static List<OptionConflict> in(Map<String, Object> valid, Map<String, String> properties) {
    FeedConflicts found = new FeedConflicts(valid, properties);
    List<String> tokens =
        valid.get(FEED_TOKEN) instanceof Password given ? Tokens.of(given) : List.of();
    Venue venue =
        valid.get(FeedConfig.FEED_VENUE) instanceof String name ? Venues.named(name) : null;
    if (venue != null && valid.get(FEED_URL) instanceof String url) {
      found.address(URI.create(url), venue, !tokens.isEmpty());
    }
    found.tasks(tokens);
    found.symbolsFromOnePlace();
    if (valid.get(FEED_SYMBOLS) instanceof List<?> symbols && venue != null) {
      found.shares(symbols.stream().map(String.class::cast).toList(), tokens.size(), venue);
      found.spelling(symbols, venue);
    }
    found.consumer();
    return found.conflicts;
  }

  private void refuse(String option, String message, Object... values) {
    conflicts.add(new OptionConflict(option, message.formatted(values)));
  }

  private void address(URI url, Venue venue, boolean hasToken) {
    if (LOOPBACK.matcher(url.getHost()).matches()) {
      return;
    }
    if (venue.hosts().stream().noneMatch(url.getHost()::equalsIgnoreCase)) {
      refuse(
          FEED_URL,
          "%s leads to the host %s, but a token of this venue goes to %s or a host of loopback"
              + " alone. Correct the host or %s.",
          FEED_URL,
          url.getHost(),
          venue.hosts(),
          FeedConfig.FEED_VENUE);
    } else if (hasToken && !"wss".equalsIgnoreCase(url.getScheme())) {
      refuse(
          FEED_URL,
          "%s is ws://, so the token would go to %s in the clear. Use wss://.",
          FEED_URL,
          url.getHost());
    }
  }

  private void tasks(List<String> tokens) {
    if (new HashSet<>(tokens).size() < tokens.size()) {
      refuse(
          FEED_TOKEN,
          "%s holds the same token twice among its %d: a venue would end one of the two"
              + " connections. Give each task a token of its own.",
          FEED_TOKEN,
          tokens.size());
    }
    if (tokens.size() > Tokens.MOST) {
      refuse(
          FEED_TOKEN,
          "%s holds %d tokens, and a feed may have %d. Make another feed of the rest.",
          FEED_TOKEN,
          tokens.size(),
          Tokens.MOST);
    }
    String tasksMax = properties.getOrDefault(TASKS_MAX, "1").strip();
    // Another text than a number is for Kafka Connect to refuse.
    if (tasksMax.matches("[0-9]{1,9}") && tokens.size() > Integer.parseInt(tasksMax)) {
      refuse(
          TASKS_MAX,
          "%s holds %d tokens, which make as many tasks, but %s is %s. Raise it to %d.",
          FEED_TOKEN,
          tokens.size(),
          TASKS_MAX,
          tasksMax,
          tokens.size());
    }
  }

  private void symbolsFromOnePlace() {
    if (!(valid.get(FEED_SYMBOLS) instanceof List<?> symbols)
        || !(valid.get(FEED_SYMBOLS_TOPIC) instanceof String topic)) {
      return;
    }
    if (symbols.isEmpty() && topic.isEmpty()) {
      refuse(
          FEED_SYMBOLS,
          "Neither %s nor %s is given. Name the symbols in the one, or a topic that does in the"
              + " other.",
          FEED_SYMBOLS,
          FEED_SYMBOLS_TOPIC);
    } else if (!symbols.isEmpty() && !topic.isEmpty()) {
      refuse(
          FEED_SYMBOLS,
          "Both %s and %s are given, and they may differ. Leave one of them out.",
          FEED_SYMBOLS,
          FEED_SYMBOLS_TOPIC);
    }
  }

  private void shares(List<String> named, int tokens, Venue venue) {
    int symbols = new HashSet<>(named).size();
    int most = venue.maxSymbols();
    int tasks = Math.max(1, tokens);
    if (symbols > 0 && symbols < tasks) {
      refuse(
          FEED_TOKEN,
          "%s holds %d tokens for %d symbols, so a task would have none. Take tokens out.",
          FEED_TOKEN,
          tokens,
          symbols);
    }
    int largest = Shares.largest(named, tasks);
    if (most > 0 && largest > most) {
      refuse(
          FEED_SYMBOLS,
          "%s names %d symbols, %d for each connection, but the venue takes %d on one. Name fewer,"
              + " or make another feed of the rest.",
          FEED_SYMBOLS,
          symbols,
          largest,
          most);
    }
  }

  private void spelling(List<?> symbols, Venue venue) {
    for (Object symbol : symbols) {
      String problem = venue.problem((String) symbol);
      if (problem != null) {
        refuse(FEED_SYMBOLS, "%s: %s Correct it.", FEED_SYMBOLS, problem);
      }
    }
  }

  private void consumer() {
    boolean hasTopic = valid.get(FEED_SYMBOLS_TOPIC) instanceof String topic && !topic.isEmpty();
    boolean hasServers =
        valid.get(FEED_SYMBOLS_BOOTSTRAP_SERVERS) instanceof String servers && !servers.isBlank();
    if (hasTopic && !hasServers) {
      refuse(
          FEED_SYMBOLS_BOOTSTRAP_SERVERS,
          "%s is given and %s is not. Name the brokers that have the topic.",
          FEED_SYMBOLS_TOPIC,
          FEED_SYMBOLS_BOOTSTRAP_SERVERS);
    }
    Set<String> ours = new TreeSet<>(SymbolsConsumer.FIXED.keySet());
    ours.add(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
    ours.add(ConsumerConfig.GROUP_ID_CONFIG);
    ours.add(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
    ours.add(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    for (String name : ours) {
      String option = FEED_SYMBOLS_CONSUMER_PREFIX + name;
      if (properties.containsKey(option)) {
        refuse(option, "%s is the connector's own to set. Leave it out.", option);
      }
    }
  }
}
