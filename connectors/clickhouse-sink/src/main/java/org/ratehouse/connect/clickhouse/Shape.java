package org.ratehouse.connect.clickhouse;

import java.util.Optional;
import org.apache.kafka.connect.data.Schema;

/**
 * What records of one schema, or of none, look like; equal to another only if it reads the same.
 */
interface Shape {
  /** The fields as Connect describes them; empty for JSON, of which each record tells its own. */
  Optional<Schema> schema();

  /** How such records are written; refused when they do not fit the table. */
  RowPlan plan(Table table);
}
