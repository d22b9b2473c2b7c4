-- Candles computed anew from bronze = lake.silver.candles_1m = the batch candles of gold, in every column, both ways: for the run's
-- minutes and for all others of [:from, :to), whoever changed them.
-- Open, and not compared: minutes with trades that came after the run had looked (above :seen), those that wait for a later run, and,
-- when the run computed a window, those which the next run over snapshots has still to look at (above :settled).
WITH offsets AS (
    SELECT
        CAST(json_parse(:seen) AS MAP (VARCHAR, BIGINT)) AS seen,
        CAST(json_parse(:settled) AS MAP (VARCHAR, BIGINT)) AS settled
),

bronze AS (
    SELECT
        trades.symbol,
        CAST(date_trunc('minute', trades.event_time AT TIME ZONE 'UTC') AS TIMESTAMP(3)) AS window_start,
        min_by(trades.price, ROW(trades.event_time, trades.connection_id, trades.sequence)) AS open,
        max(trades.price) AS high,
        min(trades.price) AS low,
        max_by(trades.price, ROW(trades.event_time, trades.connection_id, trades.sequence)) AS close,
        CAST(sum(trades.volume) AS DECIMAL(38, 8)) AS volume,
        CAST(sum(trades.price * trades.volume) AS DECIMAL(38, 16)) AS turnover,
        count(*) AS trade_count,
        bool_or(trades.kafka_offset > coalesce(element_at(offsets.seen, CAST(trades.kafka_partition AS VARCHAR)), -1)) AS is_newer,
        bool_or(trades.kafka_offset > coalesce(element_at(offsets.settled, CAST(trades.kafka_partition AS VARCHAR)), -1)) AS is_unsettled
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
    CROSS JOIN offsets
    WHERE trades.event_time >= :from AND trades.event_time < :to
    GROUP BY 1, 2
),

plans AS (
    SELECT
        run_id,
        json_parse(plan) AS plan
    FROM clickhouse.gold.plans
    WHERE run_id IN (:run_id, :base_run_id)
),

stretches AS (
    SELECT
        'planned' AS kind,
        CAST(json_extract(plan, '$.minutes') AS ARRAY(ROW(symbol VARCHAR, "start" VARCHAR, "end" VARCHAR))) AS list
    FROM plans
    WHERE run_id = :run_id
    UNION ALL
    SELECT
        'waiting' AS kind,
        CAST(json_extract(plan, '$.deferred') AS ARRAY(ROW(symbol VARCHAR, "start" VARCHAR, "end" VARCHAR))) AS list
    FROM plans
),

-- Day by day: sequence() makes ten thousand values at the most.
stretch_days AS (
    SELECT
        stretches.kind,
        stretch.symbol,
        CAST(from_iso8601_timestamp(stretch.start_at) AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS start_at,
        CAST(from_iso8601_timestamp(stretch.end_at) AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS end_at,
        days.first_minute
    FROM stretches
    CROSS JOIN UNNEST(stretches.list) AS stretch (symbol, start_at, end_at)
    CROSS JOIN UNNEST(
        sequence(
            date_trunc('day', CAST(from_iso8601_timestamp(stretch.start_at) AT TIME ZONE 'UTC' AS TIMESTAMP(3))),
            CAST(from_iso8601_timestamp(stretch.end_at) AT TIME ZONE 'UTC' AS TIMESTAMP(3)) - INTERVAL '1' MINUTE,
            INTERVAL '1' DAY
        )
    ) AS days (first_minute)
),

listed_minutes AS (
    SELECT
        stretch_days.kind,
        stretch_days.symbol,
        minutes.window_start
    FROM stretch_days
    CROSS JOIN UNNEST(
        sequence(
            greatest(stretch_days.start_at, stretch_days.first_minute),
            least(stretch_days.end_at, stretch_days.first_minute + INTERVAL '1' DAY) - INTERVAL '1' MINUTE,
            INTERVAL '1' MINUTE
        )
    ) AS minutes (window_start)
),

sources AS (
    SELECT
        'expected' AS source,
        symbol,
        window_start,
        ROW(window_start + INTERVAL '1' MINUTE, open, high, low, close, volume, turnover, trade_count) AS candle,
        is_newer,
        is_unsettled
    FROM bronze
    UNION ALL
    SELECT
        'silver' AS source,
        symbol,
        CAST(window_start AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS window_start,
        ROW(
            CAST(window_end AT TIME ZONE 'UTC' AS TIMESTAMP(3)), open, high, low, close, volume, turnover, trade_count
        ) AS candle,
        false AS is_newer,
        false AS is_unsettled
    FROM lake.silver.candles_1m
    WHERE window_start >= :from AND window_start < :to
    UNION ALL
    SELECT
        'gold' AS source,
        symbol,
        window_start,
        ROW(window_end, open, high, low, close, volume, turnover, trade_count) AS candle,
        false AS is_newer,
        false AS is_unsettled
    FROM clickhouse.gold.candles
    WHERE
        lane = 'batch'
        AND window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
    UNION ALL
    SELECT
        kind AS source,
        symbol,
        window_start,
        null AS candle,
        false AS is_newer,
        false AS is_unsettled
    FROM listed_minutes
    WHERE
        window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
),

minutes AS (
    SELECT
        symbol,
        window_start,
        any_value(candle) FILTER (WHERE source = 'expected') AS expected,
        any_value(candle) FILTER (WHERE source = 'silver') AS silver,
        any_value(candle) FILTER (WHERE source = 'gold') AS gold
    FROM sources
    GROUP BY symbol, window_start
    HAVING
        NOT bool_or(is_newer)
        AND (bool_or(source = 'planned') OR NOT (bool_or(source = 'waiting') OR bool_or(is_unsettled)))
),

tables AS (
    SELECT
        minutes.symbol,
        minutes.window_start,
        minutes.expected,
        names.table_name,
        CASE names.table_name WHEN 'lake.silver.candles_1m' THEN minutes.silver ELSE minutes.gold END AS found
    FROM minutes
    CROSS JOIN UNNEST(ARRAY['lake.silver.candles_1m', 'clickhouse.gold.candles']) AS names (table_name)
),

differing AS (
    SELECT
        *,
        found IS DISTINCT FROM expected AS differs
    FROM tables
),

-- Names for the columns, which a ROW that went through UNION ALL has no more.
named AS (
    SELECT
        *,
        CAST(
            IF(differs, ROW(found, expected)) AS ROW(
                found ROW(
                    window_end TIMESTAMP(3),
                    open DECIMAL(18, 8),
                    high DECIMAL(18, 8),
                    low DECIMAL(18, 8),
                    close DECIMAL(18, 8),
                    volume DECIMAL(38, 8),
                    turnover DECIMAL(38, 16),
                    trade_count BIGINT
                ),
                expected ROW(
                    window_end TIMESTAMP(3),
                    open DECIMAL(18, 8),
                    high DECIMAL(18, 8),
                    low DECIMAL(18, 8),
                    close DECIMAL(18, 8),
                    volume DECIMAL(38, 8),
                    turnover DECIMAL(38, 16),
                    trade_count BIGINT
                )
            )
        ) AS candles
    FROM differing
),

compared AS (
    SELECT
        CASE
            WHEN named.differs
                THEN
                    format(
                        '%s: %s %sZ is %s, computed from bronze %s',
                        named.table_name,
                        named.symbol,
                        to_iso8601(named.window_start),
                        coalesce(json_format(CAST(named.candles.found AS JSON)), 'missing'),
                        coalesce(json_format(CAST(named.candles.expected AS JSON)), 'nothing')
                    )
        END AS problem
    FROM named
)

SELECT
    count(*) AS rows_checked,
    count(problem) AS problem_count,
    min(problem, 5) AS problems
FROM compared
