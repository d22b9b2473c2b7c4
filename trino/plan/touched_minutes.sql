-- The symbol-minutes of the trades that came after what an earlier run had seen: :seen is JSON, the last offset of each partition.
WITH seen AS (
    SELECT CAST(json_parse(:seen) AS MAP (VARCHAR, BIGINT)) AS offsets
)

SELECT DISTINCT
    trades.symbol,
    CAST(to_unixtime(date_trunc('minute', trades.event_time)) AS BIGINT) AS start_seconds
FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
CROSS JOIN seen
WHERE
    -- The least of them, as a constant: files whose offsets are all below it are not opened.
    trades.kafka_offset > :least_seen
    AND trades.kafka_offset > coalesce(element_at(seen.offsets, CAST(trades.kafka_partition AS VARCHAR)), -1)
ORDER BY trades.symbol, start_seconds
