package org.ratehouse.connect.clickhouse;

import java.util.List;
import java.util.Optional;

/**
 * A table as system.tables and system.columns describe it.
 *
 * @param engine its name alone, for example ReplacingMergeTree
 * @param engineFull the engine with its parameters and clauses
 */
record Table(String name, String engine, String engineFull, List<Column> columns) {

  /**
   * @param defaultKind DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL, or empty for an ordinary column
   */
  record Column(String name, ColumnType type, String defaultKind, String defaultExpression) {
    boolean ordinary() {
      return defaultKind.isEmpty();
    }

    boolean writable() {
      return ordinary() || defaultKind.equals("DEFAULT");
    }
  }

  Optional<Column> column(String wanted) {
    return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
  }
}
