-- The metadata files that a table remembers, the current one the last of them, and the time of each (epoch ms).
WITH tables AS (
    SELECT
        'bronze.trades' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.bronze."trades$metadata_log_entries" AS log
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.bronze."feed_events$metadata_log_entries" AS log
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.bronze."trades_dlq$metadata_log_entries" AS log
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.bronze."trades_history$metadata_log_entries" AS log
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.bronze."coverage$metadata_log_entries" AS log
    UNION ALL
    SELECT
        'silver.candles_1m' AS table_name,
        log.file,
        CAST(to_unixtime(log."timestamp") * 1000 AS BIGINT) AS logged_at
    FROM lake.silver."candles_1m$metadata_log_entries" AS log
)

SELECT
    file,
    logged_at
FROM tables
WHERE table_name = :wanted
