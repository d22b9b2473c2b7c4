-- Candles computed anew from bronze = lake.silver.candles_1m = the batch candles of gold, in every column, both ways: for the run's
-- minutes and for all others of [:from, :to), whoever changed them. Where history covers a minute, from the trades of the last fetch
-- that does. And the stream's candle, where it has as many trades as bronze, is the one computed of the stream's trades.
-- Open, and not compared: minutes with trades that came after the run had looked (above :seen; for events of history above
-- :coverage_seen), those that wait for a later run, and, when the run computed a window, those which the next run over snapshots has
-- still to look at (above :settled and :coverage_settled).
WITH offsets AS (
    SELECT
        CAST(json_parse(:seen) AS MAP (VARCHAR, BIGINT)) AS seen,
        CAST(json_parse(:settled) AS MAP (VARCHAR, BIGINT)) AS settled,
        CAST(json_parse(:coverage_seen) AS MAP (VARCHAR, BIGINT)) AS coverage_seen,
        CAST(json_parse(:coverage_settled) AS MAP (VARCHAR, BIGINT)) AS coverage_settled
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

fetched AS (
    SELECT
        fetch_id,
        count(DISTINCT sequence) AS trades
    FROM lake.bronze.trades_history
    GROUP BY fetch_id
),

-- Day by day, as below.
coverage_days AS (
    SELECT
        coverage.symbol,
        coverage.fetch_id,
        coverage.kafka_offset,
        coverage.kafka_offset
        > coalesce(element_at(offsets.coverage_seen, CAST(coverage.kafka_partition AS VARCHAR)), -1) AS is_newer,
        coverage.kafka_offset
        > coalesce(element_at(offsets.coverage_settled, CAST(coverage.kafka_partition AS VARCHAR)), -1) AS is_unsettled,
        coalesce(fetched.trades, 0) >= coverage.trade_count AS is_whole,
        CAST(coverage.covered_from AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS start_at,
        CAST(coverage.covered_to AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS end_at,
        days.first_minute
    FROM lake.bronze.coverage AS coverage
    CROSS JOIN offsets
    LEFT JOIN fetched ON coverage.fetch_id = fetched.fetch_id
    CROSS JOIN
        UNNEST(
            sequence(
                date_trunc('day', CAST(coverage.covered_from AT TIME ZONE 'UTC' AS TIMESTAMP(3))),
                CAST(coverage.covered_to AT TIME ZONE 'UTC' AS TIMESTAMP(3)) - INTERVAL '1' MINUTE,
                INTERVAL '1' DAY
            )
        ) AS days (first_minute)
    WHERE coverage.unavailable_reason IS NULL AND coverage.covered_from < :to AND coverage.covered_to > :from
),

covered AS (
    SELECT
        coverage_days.symbol,
        minutes.window_start,
        max_by(coverage_days.fetch_id, coverage_days.kafka_offset) FILTER (WHERE coverage_days.is_whole) AS fetch_id,
        bool_or(coverage_days.is_newer) AS is_newer,
        bool_or(coverage_days.is_unsettled) AS is_unsettled
    FROM coverage_days
    CROSS JOIN
        UNNEST(
            sequence(
                greatest(coverage_days.start_at, coverage_days.first_minute),
                least(coverage_days.end_at, coverage_days.first_minute + INTERVAL '1' DAY) - INTERVAL '1' MINUTE,
                INTERVAL '1' MINUTE
            )
        ) AS minutes (window_start)
    WHERE
        minutes.window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND minutes.window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
    GROUP BY coverage_days.symbol, minutes.window_start
),

history AS (
    SELECT
        trades.symbol,
        covered.window_start,
        min_by(trades.price, ROW(trades.event_time, trades.sequence)) AS open,
        max(trades.price) AS high,
        min(trades.price) AS low,
        max_by(trades.price, ROW(trades.event_time, trades.sequence)) AS close,
        CAST(sum(trades.volume) AS DECIMAL(38, 8)) AS volume,
        CAST(sum(trades.price * trades.volume) AS DECIMAL(38, 16)) AS turnover,
        count(*) AS trade_count
    FROM lake.bronze.trades_history AS trades
    INNER JOIN covered
        ON
            trades.symbol = covered.symbol
            AND trades.fetch_id = covered.fetch_id
            AND CAST(date_trunc('minute', trades.event_time AT TIME ZONE 'UTC') AS TIMESTAMP(3)) = covered.window_start
    WHERE trades.event_time >= :from AND trades.event_time < :to
    GROUP BY trades.symbol, covered.window_start
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
        'live' AS source,
        symbol,
        window_start,
        ROW(window_start + INTERVAL '1' MINUTE, open, high, low, close, volume, turnover, trade_count) AS candle,
        is_newer,
        is_unsettled
    FROM bronze
    UNION ALL
    SELECT
        -- One that is not whole replaces nothing.
        IF(fetch_id IS NULL, 'incomplete', 'covered') AS source,
        symbol,
        window_start,
        NULL AS candle,
        is_newer,
        is_unsettled
    FROM covered
    UNION ALL
    SELECT
        'history' AS source,
        symbol,
        window_start,
        ROW(window_start + INTERVAL '1' MINUTE, open, high, low, close, volume, turnover, trade_count) AS candle,
        FALSE AS is_newer,
        FALSE AS is_unsettled
    FROM history
    UNION ALL
    SELECT
        'stream' AS source,
        symbol,
        window_start,
        ROW(window_end, open, high, low, close, volume, turnover, trade_count) AS candle,
        FALSE AS is_newer,
        FALSE AS is_unsettled
    FROM clickhouse.silver.candles_1m
    WHERE
        window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
    UNION ALL
    SELECT
        'silver' AS source,
        symbol,
        CAST(window_start AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS window_start,
        ROW(
            CAST(window_end AT TIME ZONE 'UTC' AS TIMESTAMP(3)), open, high, low, close, volume, turnover, trade_count
        ) AS candle,
        FALSE AS is_newer,
        FALSE AS is_unsettled
    FROM lake.silver.candles_1m
    WHERE window_start >= :from AND window_start < :to
    UNION ALL
    SELECT
        'gold' AS source,
        symbol,
        window_start,
        ROW(window_end, open, high, low, close, volume, turnover, trade_count) AS candle,
        FALSE AS is_newer,
        FALSE AS is_unsettled
    FROM clickhouse.gold.candles
    WHERE
        lane = 'batch'
        AND bar_interval = '1m'
        AND window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
    UNION ALL
    SELECT
        kind AS source,
        symbol,
        window_start,
        NULL AS candle,
        FALSE AS is_newer,
        FALSE AS is_unsettled
    FROM listed_minutes
    WHERE
        window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
),

minutes AS (
    SELECT
        symbol,
        window_start,
        IF(
            bool_or(source = 'covered'),
            any_value(candle) FILTER (WHERE source = 'history'),
            any_value(candle) FILTER (WHERE source = 'live')
        ) AS expected,
        any_value(candle) FILTER (WHERE source = 'live') AS live,
        any_value(candle) FILTER (WHERE source = 'stream') AS stream,
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
        names.table_name,
        IF(names.table_name = 'clickhouse.silver.candles_1m', minutes.live, minutes.expected) AS expected,
        CASE names.table_name
            WHEN 'lake.silver.candles_1m' THEN minutes.silver
            WHEN 'clickhouse.gold.candles' THEN minutes.gold
            -- Where it has other trades, which ones is the ledger's question.
            ELSE IF(minutes.stream[8] = minutes.live[8], minutes.stream, minutes.live)
        END AS found
    FROM minutes
    CROSS JOIN UNNEST(
        ARRAY['lake.silver.candles_1m', 'clickhouse.gold.candles', 'clickhouse.silver.candles_1m']
    ) AS names (table_name)
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
