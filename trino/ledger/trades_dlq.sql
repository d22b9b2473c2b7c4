-- The refused trades in bronze as runs of consecutive sequences, and the refused frames, which have none, as runs of frames; with
-- the Kafka coordinates of their ends. Copy 1 is what is there at all; what is there twice is there as copy 2, and so on.
WITH refused AS (
    SELECT
        feed,
        connection_id,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        if(sequence IS NULL, 'frame', 'refused') AS kind,
        coalesce(sequence, frame) AS number
    FROM lake.bronze.trades_dlq FOR VERSION AS OF :snapshot
),

copies AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY feed, connection_id, kind, number
            ORDER BY kafka_partition, kafka_offset
        ) AS copy
    FROM refused
),

islands AS (
    SELECT
        *,
        number - row_number() OVER (PARTITION BY feed, connection_id, kind, copy ORDER BY number) AS island
    FROM copies
)

SELECT
    feed,
    connection_id,
    kind,
    copy,
    min(number) AS first_number,
    max(number) AS last_number,
    min_by(kafka_topic, number) AS first_topic,
    min_by(kafka_partition, number) AS first_partition,
    min_by(kafka_offset, number) AS first_offset,
    max_by(kafka_topic, number) AS last_topic,
    max_by(kafka_partition, number) AS last_partition,
    max_by(kafka_offset, number) AS last_offset
FROM islands
GROUP BY feed, connection_id, kind, copy, island
ORDER BY feed, connection_id, kind, copy, first_number
