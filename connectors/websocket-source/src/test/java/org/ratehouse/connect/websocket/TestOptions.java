package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.Map;

/** Options as a connector's configuration would give them. */
final class TestOptions {

  static final String TOKEN = "s3cret/t0ken";

  private TestOptions() {}

  static Map<String, String> properties(String... namesAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("feed.name", "test");
    properties.put("feed.url", "ws://127.0.0.1:1/");
    properties.put("feed.token", TOKEN);
    properties.put("feed.symbols", "A,B");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }

  static FeedOptions options(String... namesAndValues) {
    return FeedOptions.from(properties(namesAndValues));
  }
}
