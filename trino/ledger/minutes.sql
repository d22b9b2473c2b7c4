-- The trades in bronze of each symbol and minute of [:from, :to); whether some of them are above :seen, what the last finished run
-- had read, the highest offset of each partition, as a JSON object; and how many came when the stream's windows of that minute may
-- have been closed: after a trade by which the watermark of flink/trade-windows.sql, five seconds behind the newest, had reached the
-- minute's last millisecond. No other can be late.
WITH offsets AS (
    SELECT cast(json_parse(:seen) AS map (varchar, bigint)) AS seen
),

first_seen AS (
    SELECT
        kafka_partition,
        date_trunc('minute', event_time - INTERVAL '4.999' SECOND) AS minute,
        min(kafka_offset) AS first_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from
    GROUP BY kafka_partition, date_trunc('minute', event_time - INTERVAL '4.999' SECOND)
),

bounds AS (
    SELECT
        kafka_partition,
        minute,
        first_offset
    FROM first_seen
    UNION ALL
    SELECT DISTINCT
        kafka_partition,
        date_trunc('minute', event_time) AS minute,
        CAST(null AS BIGINT) AS first_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    WHERE event_time >= :from AND event_time < :to
),

each_minute AS (
    SELECT
        kafka_partition,
        minute,
        min(first_offset) AS first_offset
    FROM bounds
    GROUP BY kafka_partition, minute
),

closed AS (
    SELECT
        kafka_partition,
        minute,
        min(first_offset) OVER (
            PARTITION BY kafka_partition ORDER BY minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS closed_at
    FROM each_minute
)

SELECT
    trades.symbol,
    cast(to_unixtime(closed.minute) AS bigint) * 1000 AS minute,
    count(*) AS trades,
    bool_or(
        trades.kafka_offset > coalesce(
            element_at(offsets.seen, cast(trades.kafka_partition AS varchar)), -1
        )
    ) AS touched,
    count_if(trades.kafka_offset > closed.closed_at) AS late_at_most
FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
INNER JOIN closed
    ON trades.kafka_partition = closed.kafka_partition AND date_trunc('minute', trades.event_time) = closed.minute
CROSS JOIN offsets
WHERE trades.event_time >= :from AND trades.event_time < :to
GROUP BY trades.symbol, closed.minute
