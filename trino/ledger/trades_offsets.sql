-- Of each Kafka partition the highest offset in bronze.trades, and whether some offset is there more than once: then a block of 64
-- offsets, each one bit of a number, has more rows than bits. Which they are is said by trades_doubled_offsets.sql.
WITH blocks AS (
    SELECT
        kafka_topic,
        kafka_partition,
        max(kafka_offset) AS highest,
        count(*) AS trades,
        bitwise_or_agg(bitwise_left_shift(BIGINT '1', CAST(bitwise_and(kafka_offset, 63) AS INTEGER))) AS present
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    GROUP BY kafka_topic, kafka_partition, bitwise_right_shift_arithmetic(kafka_offset, 6)
)

SELECT
    kafka_topic,
    kafka_partition,
    max(highest) AS highest,
    bool_or(bit_count(present, 64) != trades) AS doubled
FROM blocks
GROUP BY kafka_topic, kafka_partition
