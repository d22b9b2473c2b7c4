-- The newest batch candle of each symbol is that of its newest minute in bronze which the run or one before it had to compute: of the
-- trades up to :settled, in minutes before :settled_horizon, and of those up to :seen in the run's own minutes, [:start, :end). No clock.
WITH offsets AS (
    SELECT
        CAST(json_parse(:seen) AS MAP (VARCHAR, BIGINT)) AS seen,
        CAST(json_parse(:settled) AS MAP (VARCHAR, BIGINT)) AS settled
),

bronze AS (
    SELECT
        trades.symbol,
        CAST(date_trunc('minute', max(trades.event_time) AT TIME ZONE 'UTC') AS TIMESTAMP(3)) AS newest
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
    CROSS JOIN offsets
    -- Where history covers a minute, it may have no trade there.
    LEFT JOIN lake.bronze.coverage AS coverage
        ON
            trades.symbol = coverage.symbol
            AND trades.event_time >= coverage.covered_from
            AND trades.event_time < coverage.covered_to
    WHERE
        coverage.symbol IS NULL AND ((
            trades.event_time < :settled_horizon
            AND trades.kafka_offset <= coalesce(element_at(offsets.settled, CAST(trades.kafka_partition AS VARCHAR)), -1)
        )
        OR (
            trades.event_time >= :start AND trades.event_time < :end
            AND trades.kafka_offset <= coalesce(element_at(offsets.seen, CAST(trades.kafka_partition AS VARCHAR)), -1)
        ))
    GROUP BY trades.symbol
),

gold AS (
    SELECT
        symbol,
        max(window_start) AS newest
    FROM clickhouse.gold.candles
    WHERE lane = 'batch' AND bar_interval = '1m'
    GROUP BY symbol
),

compared AS (
    SELECT
        CASE
            WHEN gold.newest IS NULL OR gold.newest < bronze.newest
                THEN
                    format(
                        'clickhouse.gold.candles: the newest batch candle of %s is %s, and bronze has trades of %sZ',
                        bronze.symbol,
                        coalesce(to_iso8601(gold.newest) || 'Z', 'missing'),
                        to_iso8601(bronze.newest)
                    )
        END AS problem
    FROM bronze
    LEFT JOIN gold ON bronze.symbol = gold.symbol
)

SELECT
    count(*) AS rows_checked,
    count(problem) AS problem_count,
    min(problem, 5) AS problems
FROM compared
