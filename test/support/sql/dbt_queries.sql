-- The statements of dbt that write a table at this moment.
SELECT query_id FROM system.processes
WHERE Settings['log_comment'] = 'ratehouse run-dbt gold' AND query_kind IN ('Insert', 'Create')
