-- The files that any snapshot of a table names.
WITH tables AS (
    SELECT DISTINCT
        'bronze.trades' AS table_name,
        entries.data_file.file_path
    FROM lake.bronze."trades$all_entries" AS entries
    UNION ALL
    SELECT DISTINCT
        'bronze.feed_events' AS table_name,
        entries.data_file.file_path
    FROM lake.bronze."feed_events$all_entries" AS entries
    UNION ALL
    SELECT DISTINCT
        'bronze.trades_dlq' AS table_name,
        entries.data_file.file_path
    FROM lake.bronze."trades_dlq$all_entries" AS entries
    UNION ALL
    SELECT DISTINCT
        'bronze.trades_history' AS table_name,
        entries.data_file.file_path
    FROM lake.bronze."trades_history$all_entries" AS entries
    UNION ALL
    SELECT DISTINCT
        'bronze.coverage' AS table_name,
        entries.data_file.file_path
    FROM lake.bronze."coverage$all_entries" AS entries
    UNION ALL
    SELECT DISTINCT
        'silver.candles_1m' AS table_name,
        entries.data_file.file_path
    FROM lake.silver."candles_1m$all_entries" AS entries
)

SELECT file_path
FROM tables
WHERE table_name = :wanted
