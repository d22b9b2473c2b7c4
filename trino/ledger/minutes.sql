-- The trades in bronze of each symbol and minute, and whether some of them are above :seen, what the last finished run had
-- read: the highest offset of each partition, as a JSON object.
SELECT
    symbol,
    cast(to_unixtime(date_trunc('minute', event_time)) AS bigint) * 1000 AS minute,
    count(*) AS trades,
    bool_or(
        kafka_offset > coalesce(
            element_at(cast(json_parse(:seen) AS map (varchar, bigint)), cast(kafka_partition AS varchar)), -1
        )
    ) AS touched
FROM lake.bronze.trades FOR VERSION AS OF :snapshot
GROUP BY symbol, date_trunc('minute', event_time)
