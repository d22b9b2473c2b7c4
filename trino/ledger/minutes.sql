-- The trades in bronze of each symbol and minute of [:from, :to); whether some of them are above :seen, what the last finished run
-- had read, the highest offset of each partition, as a JSON object; and how many came when the stream's windows of that minute may
-- have been final: after a trade of the same symbol five seconds past the minute's end, by which flink/trade-windows.sql goes. No other
-- can be late. A trade does that to the minutes before `passed`. Where some of a minute's trades came before that one and some after it,
-- they are counted by minutes_late.sql instead. A symbol's trades are all in one partition; should they not be (partitions were added),
-- their order is not known, and any may be late.
WITH trades AS (
    SELECT
        symbol,
        kafka_partition,
        kafka_offset,
        CAST(to_unixtime(date_trunc('minute', event_time)) AS BIGINT) AS minute,
        CAST(to_unixtime(date_trunc('minute', event_time - INTERVAL '4.999' SECOND)) AS BIGINT) AS passed
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from
),

minutes AS (
    SELECT
        symbol,
        kafka_partition,
        minute,
        count(*) AS trades,
        min(kafka_offset) AS first_offset,
        max(kafka_offset) AS last_offset,
        min(kafka_offset) FILTER (WHERE passed = minute) AS first_of_rest,
        min(kafka_offset) FILTER (WHERE passed < minute) AS first_of_beginning
    FROM trades
    GROUP BY symbol, kafka_partition, minute
),

-- Minutes are in seconds: those after this one, and those after the next.
closing AS (
    SELECT
        *,
        coalesce(min(first_of_rest) OVER (
            PARTITION BY symbol, kafka_partition ORDER BY minute DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 60 PRECEDING
        ), 9223372036854775807) AS by_rest,
        coalesce(min(first_of_beginning) OVER (
            PARTITION BY symbol, kafka_partition ORDER BY minute DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 120 PRECEDING
        ), 9223372036854775807) AS by_beginning,
        min(kafka_partition) OVER (PARTITION BY symbol) < max(kafka_partition) OVER (PARTITION BY symbol) AS scattered
    FROM minutes
),

closed AS (
    SELECT
        *,
        least(by_rest, by_beginning) AS closed_at
    FROM closing
),

seen AS (
    SELECT cast(json_parse(:seen) AS map (varchar, bigint)) AS offsets
)

SELECT
    closed.symbol,
    closed.minute * 1000 AS minute,
    sum(closed.trades) AS trades,
    bool_or(closed.last_offset > coalesce(element_at(seen.offsets, cast(closed.kafka_partition AS varchar)), -1)) AS touched,
    sum(if(closed.scattered OR closed.first_offset > closed.closed_at, closed.trades, 0)) AS late_at_most,
    bool_or(
        NOT closed.scattered AND closed.first_offset <= closed.closed_at AND closed.last_offset > closed.closed_at
    ) AS divided
FROM closed
CROSS JOIN seen
WHERE closed.minute < to_unixtime(:to)
GROUP BY closed.symbol, closed.minute
