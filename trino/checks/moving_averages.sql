-- Each moving average of the stream computed anew from bronze, for windows that begin in [:from, :to): its trades, to 1e-9 the mean of
-- their prices and the mean weighted by volume; and no window is missing before a symbol's newest one. The stream is ahead of the lake, so
-- only those windows count that were made final by a trade of their symbol in the lake, received up to :received_until: a later one would
-- have been too late. Trades are added up by slices of 15 seconds, of which a window has 4 or 20. A window may lack trades that came when
-- it may have been final: after a trade of the same symbol five seconds past the slice's end. A symbol's trades are all in one partition.
WITH limits AS (
    SELECT
        symbol,
        max(event_time) - INTERVAL '4.999' SECOND AS last_end
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from AND from_unixtime(kafka_timestamp / 1000e0) <= :received_until
    GROUP BY symbol
),

-- For windows of a symbol that the lake does not have, which are wrong unless it is new.
limit_of_strangers AS (
    SELECT max(last_end) AS last_end
    FROM limits
),

first_seen AS (
    SELECT
        symbol,
        kafka_partition,
        CAST(floor(to_unixtime(event_time - INTERVAL '4.999' SECOND) / 15) AS BIGINT) AS slice,
        min(kafka_offset) AS first_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from
    GROUP BY 1, 2, 3
),

bounds AS (
    SELECT
        symbol,
        kafka_partition,
        slice,
        first_offset
    FROM first_seen
    UNION ALL
    SELECT DISTINCT
        symbol,
        kafka_partition,
        CAST(floor(to_unixtime(event_time) / 15) AS BIGINT) AS slice,
        CAST(NULL AS BIGINT) AS first_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from AND event_time < :to + INTERVAL '5' MINUTE
),

each_slice AS (
    SELECT
        symbol,
        kafka_partition,
        slice,
        min(first_offset) AS first_offset
    FROM bounds
    GROUP BY symbol, kafka_partition, slice
),

closed AS (
    SELECT
        symbol,
        kafka_partition,
        slice,
        min(first_offset) OVER (
            PARTITION BY symbol, kafka_partition ORDER BY slice DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS closed_at
    FROM each_slice
),

slices AS (
    SELECT
        trades.symbol,
        closed.slice,
        count(*) AS trade_count,
        count_if(trades.kafka_offset > closed.closed_at) AS late_at_most,
        sum(trades.price) AS prices,
        CAST(sum(trades.volume) AS DECIMAL(38, 8)) AS volume,
        CAST(sum(trades.price * trades.volume) AS DECIMAL(38, 16)) AS turnover
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
    INNER JOIN closed
        ON
            trades.symbol = closed.symbol
            AND trades.kafka_partition = closed.kafka_partition
            AND CAST(floor(to_unixtime(trades.event_time) / 15) AS BIGINT) = closed.slice
    WHERE trades.event_time >= :from AND trades.event_time < :to + INTERVAL '5' MINUTE
    GROUP BY trades.symbol, closed.slice
),

expected AS (
    SELECT
        slices.symbol,
        lengths.window_minutes,
        slices.slice - steps.step AS first_slice,
        sum(slices.trade_count) AS trade_count,
        sum(slices.late_at_most) AS late_at_most,
        CAST(sum(slices.prices) AS DOUBLE) / sum(slices.trade_count) AS simple,
        IF(sum(slices.volume) > 0, CAST(sum(slices.turnover) AS DOUBLE) / CAST(sum(slices.volume) AS DOUBLE)) AS volume_weighted
    FROM slices
    CROSS JOIN (VALUES 1, 5) AS lengths (window_minutes)
    CROSS JOIN UNNEST(sequence(0, lengths.window_minutes * 4 - 1)) AS steps (step)
    GROUP BY slices.symbol, lengths.window_minutes, slices.slice - steps.step
),

averages AS (
    SELECT
        symbol,
        window_minutes,
        CAST(to_unixtime(with_timezone(window_start, 'UTC')) / 15 AS BIGINT) AS first_slice,
        simple,
        volume_weighted,
        trade_count
    FROM clickhouse.silver.moving_averages
    WHERE
        window_start >= CAST(:from AT TIME ZONE 'UTC' AS TIMESTAMP(3))
        AND window_start < CAST(:to AT TIME ZONE 'UTC' AS TIMESTAMP(3))
),

newest AS (
    SELECT
        symbol,
        window_minutes,
        CAST(to_unixtime(with_timezone(max(window_start), 'UTC')) / 15 AS BIGINT) AS first_slice
    FROM clickhouse.silver.moving_averages
    GROUP BY symbol, window_minutes
),

joined AS (
    SELECT
        coalesce(expected.symbol, averages.symbol) AS symbol,
        coalesce(expected.window_minutes, averages.window_minutes) AS window_minutes,
        from_unixtime(coalesce(expected.first_slice, averages.first_slice) * 15) AT TIME ZONE 'UTC' AS window_start,
        coalesce(expected.first_slice, averages.first_slice) AS first_slice,
        coalesce(expected.trade_count, 0) AS wanted_count,
        expected.late_at_most,
        expected.simple AS wanted_simple,
        expected.volume_weighted AS wanted_weighted,
        averages.trade_count AS found_count,
        averages.simple,
        averages.volume_weighted
    FROM expected
    FULL OUTER JOIN averages
        ON
            expected.symbol = averages.symbol
            AND expected.window_minutes = averages.window_minutes
            AND expected.first_slice = averages.first_slice
),

-- NOT (a <= b), not a > b: it holds for what is no number, too.
compared AS (
    SELECT
        joined.symbol,
        joined.window_minutes,
        joined.window_start,
        CASE
            WHEN
                joined.window_start < :from OR joined.window_start >= :to
                OR coalesce(limits.last_end, IF(joined.wanted_count = 0, limit_of_strangers.last_end)) IS NULL
                OR joined.window_start + joined.window_minutes * INTERVAL '1' MINUTE
                > coalesce(limits.last_end, limit_of_strangers.last_end)
                THEN NULL
            WHEN joined.found_count IS NULL AND newest.first_slice > joined.first_slice AND joined.late_at_most < joined.wanted_count
                THEN format('is missing, and bronze has %s trades', joined.wanted_count)
            WHEN joined.found_count IS NULL THEN NULL
            WHEN joined.found_count > joined.wanted_count OR joined.found_count < joined.wanted_count - joined.late_at_most
                THEN format('has %s trades, expected %s', joined.found_count, joined.wanted_count)
            WHEN joined.found_count < joined.wanted_count THEN NULL
            WHEN NOT (abs(joined.simple - joined.wanted_simple) <= abs(joined.wanted_simple) * 1e-9)
                THEN format('simple is %s, expected %s', joined.simple, joined.wanted_simple)
            WHEN
                (joined.volume_weighted IS NULL) != (joined.wanted_weighted IS NULL)
                OR NOT (abs(joined.volume_weighted - joined.wanted_weighted) <= abs(joined.wanted_weighted) * 1e-9)
                THEN format('volume_weighted is %s, expected %s', joined.volume_weighted, joined.wanted_weighted)
        END AS difference
    FROM joined
    CROSS JOIN limit_of_strangers
    LEFT JOIN limits ON joined.symbol = limits.symbol
    LEFT JOIN newest ON joined.symbol = newest.symbol AND joined.window_minutes = newest.window_minutes
)

SELECT
    count(*) AS rows_checked,
    count(difference) AS problem_count,
    min(
        format(
            'clickhouse.silver.moving_averages: %s, %s minutes from %s: %s', symbol, window_minutes, to_iso8601(window_start), difference
        ),
        5
    )
    FILTER (WHERE difference IS NOT NULL) AS problems
FROM compared
