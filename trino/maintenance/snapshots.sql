-- The snapshots of a table, when each was committed (epoch ms), and the file that lists its manifests.
WITH tables AS (
    SELECT
        'bronze.trades' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.bronze."trades$snapshots" AS snapshots
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.bronze."feed_events$snapshots" AS snapshots
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.bronze."trades_dlq$snapshots" AS snapshots
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.bronze."trades_history$snapshots" AS snapshots
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.bronze."coverage$snapshots" AS snapshots
    UNION ALL
    SELECT
        'silver.candles_1m' AS table_name,
        CAST(snapshots.snapshot_id AS VARCHAR) AS snapshot_id,
        CAST(to_unixtime(snapshots.committed_at) * 1000 AS BIGINT) AS committed_at,
        snapshots.manifest_list
    FROM lake.silver."candles_1m$snapshots" AS snapshots
)

SELECT
    snapshot_id,
    committed_at,
    manifest_list
FROM tables
WHERE table_name = :wanted
