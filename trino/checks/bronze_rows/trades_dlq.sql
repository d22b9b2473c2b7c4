-- The rows of lake.bronze.trades_dlq that a snapshot added (change: how many of them) or removed (below 0):
-- those that are there after it, less those that were there before.
WITH versions AS (
    SELECT
        'before' AS version,
        feed,
        connection_id,
        sequence,
        frame,
        position,
        received_at,
        reason,
        detail,
        payload,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.trades_dlq FOR VERSION AS OF :before
    UNION ALL
    SELECT
        'after' AS version,
        feed,
        connection_id,
        sequence,
        frame,
        position,
        received_at,
        reason,
        detail,
        payload,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.trades_dlq FOR VERSION AS OF :after
),

changes AS (
    SELECT
        feed,
        connection_id,
        sequence,
        frame,
        position,
        received_at,
        reason,
        detail,
        payload,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        count_if(version = 'after') - count_if(version = 'before') AS change
    FROM versions
    GROUP BY
        feed,
        connection_id,
        sequence,
        frame,
        position,
        received_at,
        reason,
        detail,
        payload,
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
                feed,
                connection_id,
                sequence,
                frame,
                position,
                to_iso8601(received_at),
                reason,
                detail,
                payload,
                kafka_topic,
                kafka_partition,
                kafka_offset,
                kafka_timestamp
            ) AS ROW(
                feed VARCHAR,
                connection_id BIGINT,
                sequence BIGINT,
                frame BIGINT,
                position INTEGER,
                received_at VARCHAR,
                reason VARCHAR,
                detail VARCHAR,
                payload VARCHAR,
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
