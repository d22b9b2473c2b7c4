-- Files that more than one snapshot added: their rows are read as often. An entry names the snapshot that added its file, also where
-- manifests were rewritten since; status 2 is a file that was taken out.
WITH entries AS (
    SELECT
        'bronze.trades' AS table_name,
        entries.data_file.file_path,
        entries.snapshot_id
    FROM lake.bronze."trades$all_entries" AS entries
    WHERE entries.status != 2
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        entries.data_file.file_path,
        entries.snapshot_id
    FROM lake.bronze."feed_events$all_entries" AS entries
    WHERE entries.status != 2
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        entries.data_file.file_path,
        entries.snapshot_id
    FROM lake.bronze."trades_dlq$all_entries" AS entries
    WHERE entries.status != 2
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        entries.data_file.file_path,
        entries.snapshot_id
    FROM lake.bronze."trades_history$all_entries" AS entries
    WHERE entries.status != 2
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        entries.data_file.file_path,
        entries.snapshot_id
    FROM lake.bronze."coverage$all_entries" AS entries
    WHERE entries.status != 2
)

SELECT
    table_name,
    file_path,
    count(DISTINCT snapshot_id) AS snapshots
FROM entries
GROUP BY table_name, file_path
HAVING count(DISTINCT snapshot_id) > 1
ORDER BY table_name, file_path
LIMIT 20
