-- The manifests of all snapshots of a table.
WITH tables AS (
    SELECT DISTINCT
        'bronze.trades' AS table_name,
        manifests.path
    FROM lake.bronze."trades$all_manifests" AS manifests
    UNION ALL
    SELECT DISTINCT
        'bronze.feed_events' AS table_name,
        manifests.path
    FROM lake.bronze."feed_events$all_manifests" AS manifests
    UNION ALL
    SELECT DISTINCT
        'bronze.trades_dlq' AS table_name,
        manifests.path
    FROM lake.bronze."trades_dlq$all_manifests" AS manifests
    UNION ALL
    SELECT DISTINCT
        'bronze.trades_history' AS table_name,
        manifests.path
    FROM lake.bronze."trades_history$all_manifests" AS manifests
    UNION ALL
    SELECT DISTINCT
        'bronze.coverage' AS table_name,
        manifests.path
    FROM lake.bronze."coverage$all_manifests" AS manifests
    UNION ALL
    SELECT DISTINCT
        'silver.candles_1m' AS table_name,
        manifests.path
    FROM lake.silver."candles_1m$all_manifests" AS manifests
)

SELECT path
FROM tables
WHERE table_name = :wanted
