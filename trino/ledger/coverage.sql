-- What history gave: every event of topic coverage.
SELECT
    symbol,
    cast(to_unixtime(covered_from) AS bigint) * 1000 AS covered_from,
    cast(to_unixtime(covered_to) AS bigint) * 1000 AS covered_to,
    trade_count,
    fetch_id,
    unavailable_reason,
    kafka_partition,
    kafka_offset
FROM lake.bronze.coverage FOR VERSION AS OF :snapshot
ORDER BY kafka_partition, kafka_offset
