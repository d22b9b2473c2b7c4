package org.ratehouse.connect.clickhouse;

import com.clickhouse.client.api.ServerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ratehouse.connect.clickhouse.NewColumns.NewColumn;

/** A table in memory that takes candles, fails, or will not have some of the offsets. */
final class MemoryStore implements TableStore {
  Optional<Table> table = Optional.of(Fixtures.candles());
  Exception failure;
  final List<String> changes = new ArrayList<>();
  Set<Long> poisoned = Set.of();
  private final List<Set<Long>> written = new ArrayList<>();

  static ServerException refused(int code, String message) {
    return new ServerException(code, message, 500, "query");
  }

  /** Rows of each insert that was acknowledged. */
  List<Integer> inserts() {
    return written.stream().map(Set::size).toList();
  }

  Set<Long> offsets() {
    Set<Long> all = new HashSet<>();
    written.forEach(all::addAll);
    return all;
  }

  @Override
  public Optional<Table> describe(String name) {
    fail();
    return table.map(
        known ->
            new Table(
                name,
                known.engine(),
                known.engineFull(),
                known.sortingKey(),
                known.partitionKey(),
                known.columns()));
  }

  @Override
  public void insert(String name, List<String> columns, RowPlan.Format format, RowBinary rows) {
    fail();
    Set<Long> offsets = offsets(rows.bytes());
    if (offsets.stream().anyMatch(poisoned::contains)) {
      throw StoreFailure.of(refused(469, "Constraint is violated"));
    }
    if (!offsets.isEmpty()) {
      written.add(offsets);
    }
  }

  @Override
  public void addColumns(String name, List<NewColumn> columns) {
    fail();
    table = table.map(known -> known.with(columns.stream().map(NewColumn::column).toList()));
    changes.add(name + " " + columns.stream().map(NewColumn::definition).toList());
  }

  @Override
  public void extendViews(String name, List<String> columns) {
    fail();
  }

  /** All rows of a candle whose symbol has one letter are as long; the offset comes last. */
  private static Set<Long> offsets(byte[] bytes) {
    RowBinary one = new RowBinary();
    StructPlan.of(Fixtures.candles(), Fixtures.CANDLE).write(Fixtures.candleAt(0, 1, "1"), 1, one);
    Set<Long> offsets = new HashSet<>();
    for (int end = one.size(); end <= bytes.length; end += one.size()) {
      offsets.add(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(end - 8));
    }
    return offsets;
  }

  @Override
  public void close() {}

  private void fail() {
    if (failure != null) {
      throw StoreFailure.of(failure);
    }
  }
}
