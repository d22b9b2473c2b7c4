-- The trades of history in bronze as runs of consecutive sequences of a fetch, with the Kafka coordinates of their ends. Copy 1 is
-- what is there at all; what is there twice is there as copy 2, and so on.
WITH copies AS (
    SELECT
        symbol,
        fetch_id,
        sequence,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        row_number() OVER (PARTITION BY fetch_id, symbol, sequence ORDER BY kafka_partition, kafka_offset) AS copy
    FROM lake.bronze.trades_history FOR VERSION AS OF :snapshot
),

islands AS (
    SELECT
        *,
        sequence - row_number() OVER (PARTITION BY fetch_id, symbol, copy ORDER BY sequence) AS island
    FROM copies
)

SELECT
    symbol,
    fetch_id,
    copy,
    min(sequence) AS first_number,
    max(sequence) AS last_number,
    min_by(kafka_topic, sequence) AS first_topic,
    min_by(kafka_partition, sequence) AS first_partition,
    min_by(kafka_offset, sequence) AS first_offset,
    max_by(kafka_topic, sequence) AS last_topic,
    max_by(kafka_partition, sequence) AS last_partition,
    max_by(kafka_offset, sequence) AS last_offset,
    max(kafka_offset) AS highest_offset
FROM islands
GROUP BY symbol, fetch_id, copy, island
ORDER BY symbol, fetch_id, copy, first_number
