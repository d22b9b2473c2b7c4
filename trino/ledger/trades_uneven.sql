-- The trades of those blocks that trades.sql calls uneven, one by one, as runs of consecutive sequences with the Kafka coordinates of
-- their ends. Copy 1 is what is there at all; what is there twice is there as copy 2, and so on.
WITH blocks AS (
    SELECT
        feed,
        connection_id,
        bitwise_right_shift_arithmetic(sequence, 6) AS block,
        count(*) AS trades,
        max(sequence) - min(sequence) + 1 AS numbers,
        bitwise_or_agg(bitwise_left_shift(BIGINT '1', CAST(bitwise_and(sequence, 63) AS INTEGER))) AS present
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    GROUP BY feed, connection_id, bitwise_right_shift_arithmetic(sequence, 6)
),

copies AS (
    SELECT
        trades.feed,
        trades.connection_id,
        trades.sequence,
        trades.kafka_topic,
        trades.kafka_partition,
        trades.kafka_offset,
        row_number() OVER (
            PARTITION BY trades.feed, trades.connection_id, trades.sequence
            ORDER BY trades.kafka_partition, trades.kafka_offset
        ) AS copy
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot AS trades
    INNER JOIN blocks
        ON
            trades.feed = blocks.feed
            AND trades.connection_id = blocks.connection_id
            AND bitwise_right_shift_arithmetic(trades.sequence, 6) = blocks.block
    WHERE bit_count(blocks.present, 64) != blocks.trades OR blocks.numbers != blocks.trades
),

islands AS (
    SELECT
        *,
        sequence - row_number() OVER (PARTITION BY feed, connection_id, copy ORDER BY sequence) AS island
    FROM copies
)

SELECT
    feed,
    connection_id,
    'trade' AS kind,
    copy,
    min(sequence) AS first_number,
    max(sequence) AS last_number,
    min_by(kafka_topic, sequence) AS first_topic,
    min_by(kafka_partition, sequence) AS first_partition,
    min_by(kafka_offset, sequence) AS first_offset,
    max_by(kafka_topic, sequence) AS last_topic,
    max_by(kafka_partition, sequence) AS last_partition,
    max_by(kafka_offset, sequence) AS last_offset
FROM islands
GROUP BY feed, connection_id, copy, island
