-- The events of topic coverage above :seen, JSON, the last offset of each partition that an earlier run had read; and whether all trades
-- of their fetches are in the lake. One that has nothing to give is whole by itself.
WITH fresh AS (
    SELECT
        coverage.symbol,
        coverage.covered_from,
        coverage.covered_to,
        coverage.fetch_id,
        coverage.trade_count,
        coverage.unavailable_reason,
        coverage.kafka_partition,
        coverage.kafka_offset
    FROM lake.bronze.coverage AS coverage
    WHERE
        coverage.kafka_offset
        > coalesce(element_at(CAST(json_parse(:seen) AS MAP (VARCHAR, BIGINT)), CAST(coverage.kafka_partition AS VARCHAR)), -1)
),

counted AS (
    SELECT
        fetch_id,
        count(DISTINCT sequence) AS trades
    FROM lake.bronze.trades_history
    WHERE fetch_id IN (SELECT fresh.fetch_id FROM fresh)
    GROUP BY fetch_id
)

SELECT
    fresh.symbol,
    CAST(to_unixtime(fresh.covered_from) AS BIGINT) AS start_seconds,
    CAST(to_unixtime(fresh.covered_to) AS BIGINT) AS end_seconds,
    fresh.unavailable_reason IS NOT NULL AS is_unavailable,
    coalesce(counted.trades, 0) >= fresh.trade_count AS is_whole,
    fresh.kafka_partition AS partition_id,
    fresh.kafka_offset AS event_offset
FROM fresh
LEFT JOIN counted ON fresh.fetch_id = counted.fetch_id
ORDER BY fresh.kafka_partition, fresh.kafka_offset
