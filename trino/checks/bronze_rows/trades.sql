-- The rows of lake.bronze.trades that a snapshot added (change: how many of them) or removed (below 0):
-- those that are there after it, less those that were there before.
WITH versions AS (
    SELECT
        'before' AS version,
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
    FROM lake.bronze.trades FOR VERSION AS OF :before
    UNION ALL
    SELECT
        'after' AS version,
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
    FROM lake.bronze.trades FOR VERSION AS OF :after
),

changes AS (
    SELECT
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
        kafka_timestamp,
        count_if(version = 'after') - count_if(version = 'before') AS change
    FROM versions
    GROUP BY
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
),

named AS (
    SELECT
        change,
        CAST(
            ROW(
                symbol,
                price,
                volume,
                to_iso8601(event_time),
                to_iso8601(received_at),
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
            ) AS ROW(
                symbol VARCHAR,
                price DECIMAL(18, 8),
                volume DECIMAL(19, 8),
                event_time VARCHAR,
                received_at VARCHAR,
                feed VARCHAR,
                connection_id BIGINT,
                sequence BIGINT,
                frame BIGINT,
                position INTEGER,
                venue_trade_id VARCHAR,
                conditions ARRAY(VARCHAR),
                kafka_topic VARCHAR,
                kafka_partition INTEGER,
                kafka_offset BIGINT,
                kafka_timestamp BIGINT
            )
        ) AS changed_row
    FROM changes
    WHERE change != 0
)

SELECT
    change,
    json_format(CAST(changed_row AS JSON)) AS changed_row
FROM named
