-- The trades of the lake as they were received, oldest first; decimals with all their digits.
SELECT
    symbol,
    connection_id,
    sequence,
    cast(to_unixtime(event_time) * 1000 AS BIGINT) AS time,
    cast(price AS VARCHAR) AS price,
    cast(volume AS VARCHAR) AS volume
FROM lake.bronze.trades
ORDER BY connection_id, sequence
