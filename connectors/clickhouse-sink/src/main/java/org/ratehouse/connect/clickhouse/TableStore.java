package org.ratehouse.connect.clickhouse;

import java.util.List;
import java.util.Optional;
import org.ratehouse.connect.clickhouse.NewColumns.NewColumn;

/** What the sink needs of ClickHouse. Each method throws {@link StoreFailure}. */
interface TableStore extends AutoCloseable {
  Optional<Table> describe(String table);

  /** Returns when the server has acknowledged all rows of the insert. */
  void insert(String table, List<String> columns, RowPlan.Format format, RowBinary rows);

  /** Leaves those alone that are there, so that two tasks may do it at once. */
  void addColumns(String table, List<NewColumn> columns);

  /** Adds those columns that they lack to the views that only read the table. */
  void extendViews(String table, List<String> columns);

  @Override
  void close();
}
