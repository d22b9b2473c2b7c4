-- The trades in bronze as runs of consecutive sequences, with the Kafka coordinates of their ends: a few rows for each connection.
-- Sequences are taken in blocks of 64, each one bit of a number: an even block holds neighbours only, each once, which its bits and
-- their count prove. Even blocks that follow one another are one run. The others are told of, and looked at by trades_uneven.sql.
WITH bits AS (
    SELECT
        feed,
        connection_id,
        bitwise_right_shift_arithmetic(sequence, 6) AS block,
        bitwise_or_agg(bitwise_left_shift(BIGINT '1', CAST(bitwise_and(sequence, 63) AS INTEGER))) AS present,
        count(*) AS trades,
        min(sequence) AS first_number,
        max(sequence) AS last_number,
        arbitrary(kafka_topic) AS kafka_topic,
        min_by(kafka_partition, sequence) AS first_partition,
        min_by(kafka_offset, sequence) AS first_offset,
        max_by(kafka_partition, sequence) AS last_partition,
        max_by(kafka_offset, sequence) AS last_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    GROUP BY feed, connection_id, bitwise_right_shift_arithmetic(sequence, 6)
),

blocks AS (
    SELECT
        *,
        bit_count(present, 64) = trades AND last_number - first_number + 1 = trades AS even
    FROM bits
),

islands AS (
    SELECT
        *,
        first_number + trades - sum(trades) OVER (PARTITION BY feed, connection_id, even ORDER BY block) AS island
    FROM blocks
)

SELECT
    feed,
    connection_id,
    'trade' AS kind,
    even,
    1 AS copy,
    min(first_number) AS first_number,
    max(last_number) AS last_number,
    min_by(kafka_topic, block) AS first_topic,
    min_by(first_partition, block) AS first_partition,
    min_by(first_offset, block) AS first_offset,
    max_by(kafka_topic, block) AS last_topic,
    max_by(last_partition, block) AS last_partition,
    max_by(last_offset, block) AS last_offset
FROM islands
GROUP BY feed, connection_id, even, island
