-- The files of a table as it is now. Content 0 is rows; 1 and 2 say which rows are gone.
WITH tables AS (
    SELECT
        'bronze.trades' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.event_time_day AS VARCHAR) AS partition_day
    FROM lake.bronze."trades$files" AS files
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.occurred_at_day AS VARCHAR) AS partition_day
    FROM lake.bronze."feed_events$files" AS files
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.received_at_day AS VARCHAR) AS partition_day
    FROM lake.bronze."trades_dlq$files" AS files
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.event_time_day AS VARCHAR) AS partition_day
    FROM lake.bronze."trades_history$files" AS files
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.covered_from_day AS VARCHAR) AS partition_day
    FROM lake.bronze."coverage$files" AS files
    UNION ALL
    SELECT
        'silver.candles_1m' AS table_name,
        files.file_path,
        files.content,
        files.file_size_in_bytes AS bytes,
        CAST(files.partition.window_start_day AS VARCHAR) AS partition_day
    FROM lake.silver."candles_1m$files" AS files
)

SELECT
    file_path,
    content,
    bytes,
    partition_day
FROM tables
WHERE table_name = :wanted
