package org.ratehouse.connect.clickhouse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratehouse.connect.clickhouse.ColumnType.Kind;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/**
 * Whether a table makes what is delivered at least once read as once: without a version that comes
 * from the record, an old record written again would replace a newer one.
 */
final class TableCheck {
  static final String GENERATION = "generation";
  static final String INCARNATION = "topic_incarnation";
  static final String OFFSET = "kafka_offset";
  static final String VERSION_EXPRESSION =
      "bitShiftLeft(toUInt128(generation), 96)"
          + " + bitShiftLeft(toUInt128(topic_incarnation), 64)"
          + " + kafka_offset";

  private static final Map<String, Kind> COORDINATES =
      Map.of(GENERATION, Kind.UINT32, INCARNATION, Kind.UINT32, OFFSET, Kind.UINT64);
  private static final Pattern ENGINE =
      Pattern.compile(
          "(?:Replicated|Shared)?ReplacingMergeTree(?:\\(([^)]*)\\))?.*", Pattern.DOTALL);

  private TableCheck() {}

  static void check(Table table) {
    Matcher engine = ENGINE.matcher(table.engineFull());
    if (!engine.matches()) {
      throw new Refusal(
          Reason.TABLE_ENGINE,
          String.format(
              "table %s has engine %s, wanted ReplacingMergeTree(version) or its Replicated or"
                  + " Shared form: another engine would keep a record that is delivered twice",
              table.name(), table.engine()));
    }
    COORDINATES.forEach((name, kind) -> checkCoordinate(table, name, kind));
    List<String> parameters = columns(engine.group(1));
    if (parameters.isEmpty()) {
      throw refuseVersion(table, "its engine names no version column, so the last wins");
    }
    if (parameters.size() > 1) {
      throw refuseVersion(
          table,
          "its engine names a column for deletions too: after a row was cleaned away, an older one"
              + " that is written again would come back");
    }
    String version = parameters.get(0);
    checkVersion(table, version);
    TableKeyCheck.check(table, version);
  }

  /** Whether the sink itself fills the column, so that no field may. */
  static boolean filledBySink(String column) {
    return column.equals(INCARNATION) || column.equals(OFFSET);
  }

  private static void checkCoordinate(Table table, String name, Kind kind) {
    boolean found =
        table
            .column(name)
            .filter(column -> column.ordinary() && column.type().kind() == kind)
            .filter(column -> !column.type().nullable())
            .isPresent();
    if (!found) {
      throw new Refusal(
          Reason.TABLE_COLUMNS,
          String.format(
              "table %s needs an ordinary column %s of type %s: the record's place makes its"
                  + " version",
              table.name(), name, kind == Kind.UINT32 ? "UInt32" : "UInt64"));
    }
  }

  private static void checkVersion(Table table, String version) {
    Table.Column column =
        table
            .column(version)
            .orElseThrow(() -> refuseVersion(table, "it has no column " + version));
    boolean computed =
        column.defaultKind().equals("MATERIALIZED")
            && column.type().kind() == Kind.UINT128
            && bare(column.defaultExpression()).equals(bare(VERSION_EXPRESSION));
    if (!computed) {
      throw refuseVersion(
          table,
          String.format(
              "column %s is %s %s %s",
              version, column.type().text(), column.defaultKind(), column.defaultExpression()));
    }
  }

  private static Refusal refuseVersion(Table table, String found) {
    return new Refusal(
        Reason.TABLE_VERSION,
        String.format(
            "table %s needs a version column UInt128 MATERIALIZED %s, but %s",
            table.name(), VERSION_EXPRESSION, found));
  }

  /** The parameters that are no literals: a path and a replica come before them. */
  private static List<String> columns(String parameters) {
    return Arrays.stream(parameters == null ? new String[0] : parameters.split(","))
        .map(String::strip)
        .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith("'"))
        .toList();
  }

  /** The server adds parentheses of its own; the sum of three terms needs none. */
  private static String bare(String expression) {
    return expression.replaceAll("[\\s()]", "");
  }
}
