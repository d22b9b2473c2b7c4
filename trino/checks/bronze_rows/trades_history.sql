-- The rows of lake.bronze.trades_history that a snapshot added (change: how many of them) or removed (below 0):
-- those that are there after it, less those that were there before.
WITH versions AS (
    SELECT
        'before' AS version,
        symbol,
        trade_id,
        price,
        volume,
        event_time,
        fetched_at,
        feed,
        fetch_id,
        sequence,
        conditions,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.trades_history FOR VERSION AS OF :before
    UNION ALL
    SELECT
        'after' AS version,
        symbol,
        trade_id,
        price,
        volume,
        event_time,
        fetched_at,
        feed,
        fetch_id,
        sequence,
        conditions,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.trades_history FOR VERSION AS OF :after
),

changes AS (
    SELECT
        symbol,
        trade_id,
        price,
        volume,
        event_time,
        fetched_at,
        feed,
        fetch_id,
        sequence,
        conditions,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        count_if(version = 'after') - count_if(version = 'before') AS change
    FROM versions
    GROUP BY
        symbol,
        trade_id,
        price,
        volume,
        event_time,
        fetched_at,
        feed,
        fetch_id,
        sequence,
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
                trade_id,
                price,
                volume,
                to_iso8601(event_time),
                to_iso8601(fetched_at),
                feed,
                fetch_id,
                sequence,
                conditions,
                kafka_topic,
                kafka_partition,
                kafka_offset,
                kafka_timestamp
            ) AS ROW(
                symbol VARCHAR,
                trade_id VARCHAR,
                price DECIMAL(18, 8),
                volume DECIMAL(19, 8),
                event_time VARCHAR,
                fetched_at VARCHAR,
                feed VARCHAR,
                fetch_id VARCHAR,
                sequence BIGINT,
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
