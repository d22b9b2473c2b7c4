-- The trades of the lake up to an offset: how many, and a checksum over all columns.
SELECT
    count(*) AS trades,
    coalesce(
        to_hex(
            checksum(
                ROW(
                    symbol,
                    price,
                    volume,
                    event_time,
                    received_at,
                    feed,
                    connection_id,
                    sequence,
                    frame,
                    position,
                    venue_trade_id,
                    conditions,
                    kafka_topic,
                    kafka_partition,
                    kafka_offset,
                    kafka_timestamp
                )
            )
        ),
        ''
    ) AS digest,
    coalesce(max(kafka_offset), -1) AS last_offset
FROM lake.bronze.trades
WHERE kafka_offset <= :last
