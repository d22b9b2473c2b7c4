-- The queries of dbt that run now.
SELECT query_id
FROM system.processes
WHERE Settings['log_comment'] = {comment:String}
