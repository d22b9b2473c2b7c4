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

/** ClickHouse over HTTP, by its own client. Nothing is retried here: Connect delivers again. */
final class ClickHouseStore implements TableStore {
  private static final String TABLE =
      "SELECT engine, engine_full FROM system.tables"
          + " WHERE database = {database:String} AND name = {table:String}";
  private static final String COLUMNS =
      "SELECT name, type, toString(default_kind) AS default_kind, default_expression"
          + " FROM system.columns"
          + " WHERE database = {database:String} AND table = {table:String} ORDER BY position";

  private final Client client;
  private final String database;
  private final long timeoutMs;

  ClickHouseStore(ClickHouseSinkConfig config) {
    database = config.getString(ClickHouseSinkConfig.DATABASE);
    int connectMs = config.getInt(ClickHouseSinkConfig.CONNECT_TIMEOUT);
    int socketMs = config.getInt(ClickHouseSinkConfig.SOCKET_TIMEOUT);
    timeoutMs = (long) connectMs + socketMs;
    client =
        new Client.Builder()
            .addEndpoint(config.getString(ClickHouseSinkConfig.URL))
            .setUsername(config.getString(ClickHouseSinkConfig.USERNAME))
            .setPassword(config.getPassword(ClickHouseSinkConfig.PASSWORD).value())
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
                  new Table(table, row.getString("engine"), row.getString("engine_full"), columns))
          .findFirst();
    } catch (RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
  }

  @Override
  public void insert(String table, List<String> columns, RowBinary rows) {
    InsertSettings settings =
        new InsertSettings()
            // The acknowledgement must mean that the rows are in the table, whatever the server's
            // default is, and that no error can follow it.
            .serverSetting("async_insert", "0")
            .serverSetting("wait_end_of_query", "1");
    try (InsertResponse response =
        client
            .insert(table, columns, rows.stream(), ClickHouseFormat.RowBinary, settings)
            .get(timeoutMs, TimeUnit.MILLISECONDS)) {
      response.getWrittenRows();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw StoreFailure.of(new TimeoutException("interrupted"));
    } catch (ExecutionException | TimeoutException | RuntimeException failure) {
      throw StoreFailure.of(failure);
    }
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
