-- The snapshot that each table of the lake has now.
SELECT 'bronze.trades' AS bronze_table, cast(snapshot_id AS varchar) AS snapshot_id FROM lake.bronze."trades$refs"
UNION ALL
SELECT 'bronze.trades_history', cast(snapshot_id AS varchar) FROM lake.bronze."trades_history$refs"
UNION ALL
SELECT 'bronze.coverage', cast(snapshot_id AS varchar) FROM lake.bronze."coverage$refs"
UNION ALL
SELECT 'bronze.feed_events', cast(snapshot_id AS varchar) FROM lake.bronze."feed_events$refs"
UNION ALL
SELECT 'bronze.trades_dlq', cast(snapshot_id AS varchar) FROM lake.bronze."trades_dlq$refs"
UNION ALL
SELECT 'silver.candles_1m', cast(snapshot_id AS varchar) FROM lake.silver."candles_1m$refs"
