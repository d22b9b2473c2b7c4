package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;

/** The README says what the code does: its tables are those that can be made from the code. */
class ReadmeTest {

  private static void assertHolds(String table) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(
        readme.contains(table), () -> "README.md differs from the code. It must hold:\n" + table);
  }

  @Test
  void itsOptionsAreThoseOfTheConnector() throws IOException {
    Map<String, List<ConfigKey>> groups =
        FeedConfig.definition().configKeys().values().stream()
            .collect(Collectors.groupingBy(key -> key.group));
    for (Map.Entry<String, List<ConfigKey>> group : groups.entrySet()) {
      assertHolds(
          "### "
              + group.getKey()
              + "\n| Option | Default | Values | |\n|---|---|---|---|\n"
              + group.getValue().stream()
                  .sorted(Comparator.comparingInt(key -> key.orderInGroup))
                  .map(ReadmeTest::row)
                  .collect(Collectors.joining()));
    }
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s |%n"
        .formatted(
            key.name, defaultOf(key), key.validator == null ? "" : values(key), key.documentation);
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "required";
    }
    if (key.type == Type.PASSWORD) {
      return "";
    }
    boolean empty = List.of("", List.of()).contains(key.defaultValue);
    return empty ? "" : "`" + key.defaultValue + "`";
  }

  private static String values(ConfigKey key) {
    // Kafka's own say [1,...] and [1,...,9].
    return key.validator
        .toString()
        .replaceAll("[\\[\\]]", "")
        .replace(",...,", " to ")
        .replace(",...", " or more");
  }

  @Test
  void itsMetricsAreThoseOfATask() throws IOException {
    try (Metrics registry = new Metrics()) {
      FeedMetrics.of(new PluginMetricsImpl(registry, Map.of()), () -> 0, () -> 0);
      assertHolds(
          "| Metric | |\n|---|---|\n"
              + registry.metrics().keySet().stream()
                  .filter(name -> name.group().equals("plugins"))
                  .sorted(Comparator.comparing(MetricName::name))
                  .map(name -> "| `%s` | %s |%n".formatted(name.name(), name.description()))
                  .collect(Collectors.joining()));
    }
  }

  @Test
  void itTellsOfEveryKindOfEventAndEveryReasonOfRefusal() throws IOException {
    for (FeedOutput.EventKind kind : FeedOutput.EventKind.values()) {
      assertHolds("| `" + kind.name().toLowerCase(Locale.ROOT) + "` |");
    }
    for (RefusalReason reason : RefusalReason.values()) {
      assertHolds("`" + reason.name() + "`");
    }
  }

  @Test
  void itTellsOfEveryVenueAndItsHosts() throws IOException {
    for (String venue : Venues.names()) {
      assertHolds("| `" + venue + "` |");
      for (String host : Venues.named(venue).hosts()) {
        assertHolds(host);
      }
    }
  }
}
