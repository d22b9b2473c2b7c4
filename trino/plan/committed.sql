-- How far the lake has come in each partition of topic trades: the last record, and the newest time of a record.
SELECT
    kafka_partition AS partition_id,
    max(kafka_offset) AS last_offset,
    max_by(kafka_timestamp, kafka_offset) AS last_timestamp,
    max(kafka_timestamp) AS newest_timestamp
FROM lake.bronze.trades FOR VERSION AS OF :snapshot
GROUP BY kafka_partition
