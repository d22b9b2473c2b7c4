package org.ratehouse.connect.websocket;

import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;

/** Options as a connector's configuration would give them. */
final class TestOptions {

  static final String TOKEN = "s3cret/t0ken";

  static final String NOWHERE = "ws://127.0.0.1:1/";

  private TestOptions() {}

  static Map<String, String> properties(String... namesAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("feed.name", "test");
    properties.put("feed.url", NOWHERE);
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

  /** A copy with another value in one component, also one that no configuration would allow. */
  static FeedOptions with(FeedOptions options, String component, Object value) {
    try {
      RecordComponent[] components = FeedOptions.class.getRecordComponents();
      Object[] values = new Object[components.length];
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < components.length; i++) {
        boolean changed = components[i].getName().equals(component);
        values[i] = changed ? value : components[i].getAccessor().invoke(options);
        types[i] = components[i].getType();
      }
      return FeedOptions.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Those of one of a feed's tasks. */
  static FeedOptions ofTask(int taskIndex, String... namesAndValues) {
    return with(options(namesAndValues), "taskIndex", taskIndex);
  }

  /** As errors.tolerance=none makes them. */
  static FeedOptions intolerant(String... namesAndValues) {
    return with(options(namesAndValues), "toleratesBadFrames", false);
  }
}
