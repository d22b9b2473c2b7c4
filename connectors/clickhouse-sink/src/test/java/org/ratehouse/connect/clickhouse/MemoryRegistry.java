package org.ratehouse.connect.clickhouse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.RetriableException;

/** A registry in memory, which may be away. */
final class MemoryRegistry implements SchemaRegistry {
  final Map<Integer, Schema> schemas = new HashMap<>();
  final Map<String, Integer> subjects = new HashMap<>();
  final List<Integer> asked = new ArrayList<>();
  boolean away;

  /** Registers the newest schema of a topic's values. */
  MemoryRegistry register(String topic, int id, Schema schema) {
    schemas.put(id, schema);
    subjects.put(topic + "-value", id);
    return this;
  }

  @Override
  public Optional<Schema> byId(int id) {
    answer();
    asked.add(id);
    return Optional.ofNullable(schemas.get(id));
  }

  @Override
  public Optional<Registered> latest(String subject) {
    answer();
    return Optional.ofNullable(subjects.get(subject))
        .map(id -> new Registered(id, schemas.get(id)));
  }

  private void answer() {
    if (away) {
      throw new RetriableException("the registry did not answer");
    }
  }
}
