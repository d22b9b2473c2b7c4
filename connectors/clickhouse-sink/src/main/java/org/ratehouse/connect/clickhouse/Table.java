package org.ratehouse.connect.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table as system.tables and system.columns describe it.
 *
 * @param engine its name alone, for example ReplacingMergeTree
 * @param engineFull the engine with its parameters and clauses
 * @param sortingKey expressions, separated by commas
 * @param partitionKey an expression, empty for a table in one partition
 */
record Table(
    String name,
    String engine,
    String engineFull,
    String sortingKey,
    String partitionKey,
    List<Column> columns) {

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

  Table with(List<Column> more) {
    return new Table(
        name,
        engine,
        engineFull,
        sortingKey,
        partitionKey,
        Stream.concat(columns.stream(), more.stream()).toList());
  }

  Optional<Column> column(String wanted) {
    return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
  }
}
