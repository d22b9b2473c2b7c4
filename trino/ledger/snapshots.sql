-- The newest snapshot of each bronze table: what the ledger reads of the lake stays as it is while it reads. A table that was
-- never written to may have none.
SELECT
    'trades' AS bronze_table,
    cast(snapshot_id AS varchar) AS snapshot_id
FROM lake.bronze."trades$refs"
WHERE name = 'main'
UNION ALL
SELECT
    'trades_dlq' AS bronze_table,
    cast(snapshot_id AS varchar) AS snapshot_id
FROM lake.bronze."trades_dlq$refs"
WHERE name = 'main'
UNION ALL
SELECT
    'trades_history' AS bronze_table,
    cast(snapshot_id AS varchar) AS snapshot_id
FROM lake.bronze."trades_history$refs"
WHERE name = 'main'
UNION ALL
SELECT
    'coverage' AS bronze_table,
    cast(snapshot_id AS varchar) AS snapshot_id
FROM lake.bronze."coverage$refs"
WHERE name = 'main'
UNION ALL
SELECT
    'feed_events' AS bronze_table,
    cast(snapshot_id AS varchar) AS snapshot_id
FROM lake.bronze."feed_events$refs"
WHERE name = 'main'
