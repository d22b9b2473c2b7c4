-- Of each Kafka partition the highest offset in bronze.trades_dlq, and the offsets that are there more than once, as runs.
WITH offsets AS (
    SELECT
        kafka_topic,
        kafka_partition,
        kafka_offset,
        count(*) AS copies
    FROM lake.bronze.trades_dlq FOR VERSION AS OF :snapshot
    GROUP BY kafka_topic, kafka_partition, kafka_offset
),

doubled AS (
    SELECT
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_offset - row_number() OVER (PARTITION BY kafka_topic, kafka_partition ORDER BY kafka_offset) AS island
    FROM offsets
    WHERE copies > 1
)

SELECT
    'highest' AS kind,
    kafka_topic,
    kafka_partition,
    max(kafka_offset) AS first_offset,
    max(kafka_offset) AS last_offset
FROM offsets
GROUP BY kafka_topic, kafka_partition
UNION ALL
SELECT
    'doubled' AS kind,
    kafka_topic,
    kafka_partition,
    min(kafka_offset) AS first_offset,
    max(kafka_offset) AS last_offset
FROM doubled
GROUP BY kafka_topic, kafka_partition, island
