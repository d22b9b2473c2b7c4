-- One row per query of dbt's that inserted: how many rows it wrote.

SELECT
    query_id,
    written_rows
FROM system.query_log
WHERE
    event_date >= today() - 1
    AND type = 'QueryFinish'
    AND query_kind = 'Insert'
    AND query_id IN ({query_ids:Array(String)});
