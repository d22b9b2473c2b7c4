-- Of the minutes of [:from, :to) that minutes.sql calls divided, the trades that came when the stream's windows may have been final.
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
        min(kafka_offset) AS first_offset,
        max(kafka_offset) AS last_offset,
        min(kafka_offset) FILTER (WHERE passed = minute) AS first_of_rest,
        min(kafka_offset) FILTER (WHERE passed < minute) AS first_of_beginning
    FROM trades
    GROUP BY symbol, kafka_partition, minute
),

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
)

SELECT
    trades.symbol,
    trades.minute * 1000 AS minute,
    count(*) AS late
FROM trades
INNER JOIN closed
    ON
        trades.symbol = closed.symbol
        AND trades.kafka_partition = closed.kafka_partition
        AND trades.minute = closed.minute
WHERE
    trades.minute < to_unixtime(:to)
    AND NOT closed.scattered
    AND closed.first_offset <= closed.closed_at
    AND closed.last_offset > closed.closed_at
    AND trades.kafka_offset > closed.closed_at
GROUP BY trades.symbol, trades.minute
