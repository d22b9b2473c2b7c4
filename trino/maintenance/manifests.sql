-- How many manifests a table has now.
WITH tables AS (
    SELECT
        'bronze.trades' AS table_name,
        count(*) AS manifests
    FROM lake.bronze."trades$manifests"
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        count(*) AS manifests
    FROM lake.bronze."feed_events$manifests"
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        count(*) AS manifests
    FROM lake.bronze."trades_dlq$manifests"
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        count(*) AS manifests
    FROM lake.bronze."trades_history$manifests"
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        count(*) AS manifests
    FROM lake.bronze."coverage$manifests"
    UNION ALL
    SELECT
        'silver.candles_1m' AS table_name,
        count(*) AS manifests
    FROM lake.silver."candles_1m$manifests"
)

SELECT manifests
FROM tables
WHERE table_name = :wanted
