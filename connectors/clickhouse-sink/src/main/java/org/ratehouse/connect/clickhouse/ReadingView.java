package org.ratehouse.connect.clickhouse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A view that does nothing but read a table as once: plain columns, FROM the table, FINAL. It is
 * given the table's new columns; a view of any other form is its owner's.
 */
record ReadingView(String name, List<String> columns) {
  private static final Pattern NAME = Pattern.compile("`?([A-Za-z_][A-Za-z0-9_]*)`?");

  /**
   * @param select the view's query as the server spells it
   */
  static Optional<ReadingView> parse(String name, String select, String database, String table) {
    Pattern form =
        Pattern.compile(
            "SELECT (.+) FROM `?%s`?\\.`?%s`? FINAL"
                .formatted(Pattern.quote(database), Pattern.quote(table)));
    Matcher matcher = form.matcher(select.replaceAll("\\s+", " ").strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<Matcher> columns = Arrays.stream(matcher.group(1).split(", ")).map(NAME::matcher).toList();
    return columns.stream().allMatch(Matcher::matches)
        ? Optional.of(new ReadingView(name, columns.stream().map(each -> each.group(1)).toList()))
        : Optional.empty();
  }

  /** With the columns that it has not yet, in their order. */
  ReadingView with(List<String> more) {
    Stream<String> added = more.stream().filter(column -> !columns.contains(column));
    return new ReadingView(name, Stream.concat(columns.stream(), added).toList());
  }
}
