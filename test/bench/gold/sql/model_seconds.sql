-- Seconds that ClickHouse has worked for dbt's models since a time: their statements, their hooks and what dbt asks for them.
SELECT sum(query_duration_ms) / 1000 AS seconds
FROM system.query_log
WHERE
    type = 'QueryFinish'
    AND log_comment = {comment:String}
    AND position(query, '"node_id": "model.') > 0
    AND event_time_microseconds >= fromUnixTimestamp64Milli({since:Int64})
