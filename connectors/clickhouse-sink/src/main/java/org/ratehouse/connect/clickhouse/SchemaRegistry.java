package org.ratehouse.connect.clickhouse;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Where the schemas of records are kept. Throws RetriableException while it is away, and a {@link
 * Refusal} for what asking again does not change.
 */
interface SchemaRegistry {
  /** Empty when there is none of that id. */
  Optional<Schema> byId(int id);

  /** The newest of a subject; empty when there is no such subject. */
  Optional<Registered> latest(String subject);

  record Registered(int id, Schema schema) {}
}
