package org.ratehouse.connect.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ratehouse.connect.clickhouse.NewColumns.NewColumn;

/** ClickHouse over HTTP, by its own client. Nothing is retried here: Connect delivers again. */
final class ClickHouseStore implements TableStore {
  private static final String TABLE =
      "SELECT engine, engine_full, sorting_key, partition_key FROM system.tables"
          + " WHERE database = {database:String} AND name = {table:String}";
  private static final String COLUMNS =
      "SELECT name, type, toString(default_kind) AS default_kind, default_expression"
          + " FROM system.columns"
          + " WHERE database = {database:String} AND table = {table:String} ORDER BY position";

  private static final String VIEWS =
      "SELECT name, as_select FROM system.tables"
          + " WHERE database = {database:String} AND engine = 'View'";

  private static final String NEWER_DEDUPLICATION =
      "SELECT name FROM system.settings WHERE name = 'deduplicate_insert'";

  /**
   * The setting that switches it off; the newer one overrides the older, and older servers do not
   * know it.
   */
  private record Deduplication(String name, String off) {
    static final Deduplication OLD = new Deduplication("insert_deduplicate", "0");
    static final Deduplication NEW = new Deduplication("deduplicate_insert", "disable");
  }

  private final Client client;
  private final String database;
  private final long timeoutMs;
  private final String quorum;
  private volatile Deduplication deduplication;

  ClickHouseStore(ClickHouseSinkConfig config) {
    quorum = config.getString(SinkOptions.QUORUM);
    database = config.getString(SinkOptions.DATABASE);
    int connectMs = config.getInt(SinkOptions.CONNECT_TIMEOUT);
    int socketMs = config.getInt(SinkOptions.SOCKET_TIMEOUT);
    timeoutMs = (long) connectMs + socketMs;
    client =
        new Client.Builder()
            .addEndpoint(config.getString(SinkOptions.URL))
            .setUsername(config.getString(SinkOptions.USERNAME))
            .setPassword(config.getPassword(SinkOptions.PASSWORD).value())
            .setDefaultDatabase(database)
            .setClientName("ratehouse-clickhouse-sink")
            .setConnectTimeout(connectMs, ChronoUnit.MILLIS)
            .setSocketTimeout(socketMs, ChronoUnit.MILLIS)
            .setMaxRetries(0)
            .retryOnFailures(ClientFaultCause.None)
            .compressClientRequest(false)
            // Or the codec's native library is unpacked into the temporary directory.
            .disableNativeCompression(true)
            .compressServerResponse(false)
            .build();
  }

  @Override
  public Optional<Table> describe(String table) {
    Map<String, Object> parameters = Map.of("database", database, "table", table);
    try {
      List<Table.Column> columns =
          client.queryAll(COLUMNS, parameters).stream().map(ClickHouseStore::column).toList();
      return client.queryAll(TABLE, parameters).stream()
          .map(
              row ->
                  new Table(
                      table,
                      row.getString("engine"),
                      row.getString("engine_full"),
                      row.getString("sorting_key"),
                      row.getString("partition_key"),
                      columns))
          .findFirst();
    } catch (RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
  }

  /**
   * The table itself makes two of the same read as one. The server's deduplication of whole inserts
   * would acknowledge, and throw away, what is written again after it was deleted by hand.
   */
  private Deduplication deduplication() {
    if (deduplication == null) {
      deduplication =
          client.queryAll(NEWER_DEDUPLICATION).isEmpty() ? Deduplication.OLD : Deduplication.NEW;
    }
    return deduplication;
  }

  @Override
  public void insert(String table, List<String> columns, RowPlan.Format format, RowBinary rows) {
    try (InsertResponse response =
        client
            .insert(table, columns, rows.stream(), wire(format), settings())
            .get(timeoutMs, TimeUnit.MILLISECONDS)) {
      response.getWrittenRows();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw StoreFailure.of(new TimeoutException("interrupted"));
    } catch (ExecutionException | TimeoutException | RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
  }

  private InsertSettings settings() {
    Deduplication found = deduplication();
    return new InsertSettings()
        // The acknowledgement must mean that the rows are in the table, whatever the server's
        // default is, and that no error can follow it.
        .serverSetting("async_insert", "0")
        .serverSetting("wait_end_of_query", "1")
        .serverSetting(found.name(), found.off())
        // Means something to Replicated tables alone.
        .serverSetting("insert_quorum", quorum);
  }

  @Override
  public void addColumns(String table, List<NewColumn> columns) {
    try {
      for (NewColumn column : columns) {
        // Names are plain identifiers and types come from a closed list: parameters cannot say
        // them.
        client.queryAll(
            "ALTER TABLE %s.%s ADD COLUMN IF NOT EXISTS %s %s"
                .formatted(database, table, column.name(), column.definition()));
      }
    } catch (RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
  }

  @Override
  public void extendViews(String table, List<String> columns) {
    try {
      for (GenericRecord row : client.queryAll(VIEWS, Map.of("database", database))) {
        ReadingView.parse(row.getString("name"), row.getString("as_select"), database, table)
            .filter(view -> !view.equals(view.with(columns)))
            .ifPresent(view -> replace(view.with(columns), table));
      }
    } catch (RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
  }

  private void replace(ReadingView view, String table) {
    client.queryAll(
        "CREATE OR REPLACE VIEW %s.%s AS SELECT %s FROM %s.%s FINAL"
            .formatted(database, view.name(), String.join(", ", view.columns()), database, table));
  }

  private static ClickHouseFormat wire(RowPlan.Format format) {
    return switch (format) {
      case ROW_BINARY -> ClickHouseFormat.RowBinary;
      case ROW_BINARY_WITH_DEFAULTS -> ClickHouseFormat.RowBinaryWithDefaults;
    };
  }

  @Override
  public void close() {
    client.close();
  }

  private static Table.Column column(GenericRecord row) {
    return new Table.Column(
        row.getString("name"),
        ColumnType.parse(row.getString("type")),
        row.getString("default_kind"),
        row.getString("default_expression"));
  }
}
