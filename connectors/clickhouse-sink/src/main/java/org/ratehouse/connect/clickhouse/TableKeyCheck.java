package org.ratehouse.connect.clickhouse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * Whether the sorting key of a table says which rows are the same: what it does not tell apart is
 * thrown away, and what it tells apart though it is the same stays there twice.
 */
final class TableKeyCheck {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private TableKeyCheck() {}

  /**
   * @param version the column that says which of two rows is the newer
   */
  static void check(Table table, String version) {
    List<String> key =
        Arrays.stream(table.sortingKey().split(","))
            .map(part -> part.strip().replace("`", ""))
            .filter(part -> !part.isEmpty())
            .toList();
    if (key.isEmpty()) {
      throw refuse(table, "it is empty, so that one row would be left of the table");
    }
    Set<String> place =
        Set.of(version, TableCheck.GENERATION, TableCheck.INCARNATION, TableCheck.OFFSET);
    for (String part : key) {
      if (place.contains(part)) {
        throw refuse(table, part + " is in it, so that a newer row would not replace an older");
      }
      checkColumn(table, part);
    }
    checkPartitions(table, Set.copyOf(key));
  }

  private static void checkColumn(Table table, String part) {
    Optional<Table.Column> column = table.column(part).filter(Table.Column::writable);
    if (column.isEmpty()) {
      throw refuse(
          table,
          part + " is no column that a record fills, so that rows may be taken for the same");
    }
    if (column.get().type().nullable()) {
      throw refuse(table, "column " + part + " may be null, which is no identity");
    }
  }

  /** Rows of one key in two partitions are never merged, and FINAL may be told to skip that. */
  private static void checkPartitions(Table table, Set<String> key) {
    Set<String> others =
        WORD.matcher(table.partitionKey())
            .results()
            .map(MatchResult::group)
            .filter(word -> table.column(word).isPresent() && !key.contains(word))
            .collect(Collectors.toSet());
    if (!others.isEmpty()) {
      throw new Refusal(
          Reason.TABLE_KEY,
          String.format(
              "table %s is partitioned by %s, and %s is not in its sorting key (%s): a newer row"
                  + " could lie in another partition than the one that it replaces",
              table.name(), table.partitionKey(), String.join(", ", others), table.sortingKey()));
    }
  }

  private static Refusal refuse(Table table, String why) {
    return new Refusal(
        Reason.TABLE_KEY,
        String.format(
            "table %s needs the natural key of its rows as its sorting key, plain columns that hold"
                + " no null; (%s) is not: %s",
            table.name(), table.sortingKey(), why));
  }
}
