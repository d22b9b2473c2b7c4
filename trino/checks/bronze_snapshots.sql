-- Every snapshot that the bronze tables' present state comes from: whose it is, and how many records it changed.
-- The sink only appends, and marks what it commits; maintenance replaces files and changes no record. All else was made by hand.
WITH histories AS (
    SELECT
        'trades' AS table_name,
        snapshots.snapshot_id,
        snapshots.parent_id,
        snapshots.committed_at,
        snapshots.operation,
        snapshots.summary
    FROM lake.bronze."trades$snapshots" AS snapshots
    INNER JOIN lake.bronze."trades$history" AS history ON snapshots.snapshot_id = history.snapshot_id
    WHERE history.is_current_ancestor
    UNION ALL
    SELECT
        'feed_events' AS table_name,
        snapshots.snapshot_id,
        snapshots.parent_id,
        snapshots.committed_at,
        snapshots.operation,
        snapshots.summary
    FROM lake.bronze."feed_events$snapshots" AS snapshots
    INNER JOIN lake.bronze."feed_events$history" AS history ON snapshots.snapshot_id = history.snapshot_id
    WHERE history.is_current_ancestor
    UNION ALL
    SELECT
        'trades_dlq' AS table_name,
        snapshots.snapshot_id,
        snapshots.parent_id,
        snapshots.committed_at,
        snapshots.operation,
        snapshots.summary
    FROM lake.bronze."trades_dlq$snapshots" AS snapshots
    INNER JOIN lake.bronze."trades_dlq$history" AS history ON snapshots.snapshot_id = history.snapshot_id
    WHERE history.is_current_ancestor
    UNION ALL
    SELECT
        'trades_history' AS table_name,
        snapshots.snapshot_id,
        snapshots.parent_id,
        snapshots.committed_at,
        snapshots.operation,
        snapshots.summary
    FROM lake.bronze."trades_history$snapshots" AS snapshots
    INNER JOIN lake.bronze."trades_history$history" AS history ON snapshots.snapshot_id = history.snapshot_id
    WHERE history.is_current_ancestor
    UNION ALL
    SELECT
        'coverage' AS table_name,
        snapshots.snapshot_id,
        snapshots.parent_id,
        snapshots.committed_at,
        snapshots.operation,
        snapshots.summary
    FROM lake.bronze."coverage$snapshots" AS snapshots
    INNER JOIN lake.bronze."coverage$history" AS history ON snapshots.snapshot_id = history.snapshot_id
    WHERE history.is_current_ancestor
),

counted AS (
    SELECT
        *,
        coalesce(CAST(element_at(summary, 'added-records') AS BIGINT), 0)
        + coalesce(CAST(element_at(summary, 'deleted-records') AS BIGINT), 0)
        + coalesce(CAST(element_at(summary, 'added-position-deletes') AS BIGINT), 0)
        + coalesce(CAST(element_at(summary, 'added-equality-deletes') AS BIGINT), 0) AS changed_records,
        CAST(element_at(summary, 'total-records') AS BIGINT)
        - coalesce(CAST(element_at(summary, 'total-position-deletes') AS BIGINT), 0) AS total_records
    FROM histories
)

SELECT
    found.table_name,
    CAST(found.snapshot_id AS VARCHAR) AS snapshot_id,
    -- Null when there is none any more: it was the first, or the one before has expired.
    CAST(parent.snapshot_id AS VARCHAR) AS parent_id,
    found.operation,
    to_iso8601(found.committed_at) AS committed_at,
    coalesce(
        element_at(found.summary, 'trino_user') || ' with Trino',
        element_at(found.summary, 'engine-name'),
        'somebody'
    ) AS made_by,
    found.changed_records,
    CASE
        WHEN found.operation = 'append' THEN any_match(map_keys(found.summary), name -> starts_with(name, 'kafka.connect.'))
        WHEN found.operation = 'replace' THEN coalesce(found.total_records = parent.total_records, true)
        ELSE false
    END AS is_regular
FROM counted AS found
LEFT JOIN counted AS parent ON found.table_name = parent.table_name AND found.parent_id = parent.snapshot_id
ORDER BY found.table_name, found.committed_at
