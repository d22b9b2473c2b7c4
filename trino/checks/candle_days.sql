-- How many trades each day of the lake has: the candles are compared in parts that fit into memory.
SELECT
    CAST(days.partition.event_time_day AS VARCHAR) AS first_day,
    sum(days.record_count) AS trades
FROM lake.bronze."trades$partitions" AS days
GROUP BY days.partition.event_time_day
ORDER BY first_day
