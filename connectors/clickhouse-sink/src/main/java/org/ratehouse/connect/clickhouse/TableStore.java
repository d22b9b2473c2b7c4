package org.ratehouse.connect.clickhouse;

import java.util.List;
import java.util.Optional;

/** What the sink needs of ClickHouse. Each method throws {@link StoreFailure}. */
interface TableStore extends AutoCloseable {
  Optional<Table> describe(String table);

  /** Returns when the server has acknowledged all rows of the insert. */
  void insert(String table, List<String> columns, RowBinary rows);

  @Override
  void close();
}
