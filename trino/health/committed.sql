-- How far bronze has come in each partition of the topics that the sink takes.
SELECT
    kafka_topic AS topic,
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset
FROM lake.bronze.trades
GROUP BY kafka_topic, kafka_partition
UNION ALL
SELECT
    kafka_topic AS topic,
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset
FROM lake.bronze.feed_events
GROUP BY kafka_topic, kafka_partition
UNION ALL
SELECT
    kafka_topic AS topic,
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset
FROM lake.bronze.trades_dlq
GROUP BY kafka_topic, kafka_partition
UNION ALL
SELECT
    kafka_topic AS topic,
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset
FROM lake.bronze.trades_history
GROUP BY kafka_topic, kafka_partition
UNION ALL
SELECT
    kafka_topic AS topic,
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset
FROM lake.bronze.coverage
GROUP BY kafka_topic, kafka_partition
