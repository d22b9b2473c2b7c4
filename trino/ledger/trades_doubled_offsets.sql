-- The offsets that are in bronze.trades more than once, as runs.
WITH doubled AS (
    SELECT
        kafka_topic,
        kafka_partition,
        kafka_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    GROUP BY kafka_topic, kafka_partition, kafka_offset
    HAVING count(*) > 1
),

islands AS (
    SELECT
        *,
        kafka_offset - row_number() OVER (PARTITION BY kafka_topic, kafka_partition ORDER BY kafka_offset) AS island
    FROM doubled
)

SELECT
    kafka_topic,
    kafka_partition,
    min(kafka_offset) AS first_offset,
    max(kafka_offset) AS last_offset
FROM islands
GROUP BY kafka_topic, kafka_partition, island
