-- The rows of lake.bronze.feed_events that a snapshot added (change: how many of them) or removed (below 0):
-- those that are there after it, less those that were there before.
WITH versions AS (
    SELECT
        'before' AS version,
        feed,
        connection_id,
        event,
        occurred_at,
        reason,
        symbols,
        gap_from,
        gap_to,
        frames,
        trades,
        refused,
        refused_frames,
        last_sequence,
        closed,
        first_missing_id,
        last_missing_id,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.feed_events FOR VERSION AS OF :before
    UNION ALL
    SELECT
        'after' AS version,
        feed,
        connection_id,
        event,
        occurred_at,
        reason,
        symbols,
        gap_from,
        gap_to,
        frames,
        trades,
        refused,
        refused_frames,
        last_sequence,
        closed,
        first_missing_id,
        last_missing_id,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.feed_events FOR VERSION AS OF :after
),

changes AS (
    SELECT
        feed,
        connection_id,
        event,
        occurred_at,
        reason,
        symbols,
        gap_from,
        gap_to,
        frames,
        trades,
        refused,
        refused_frames,
        last_sequence,
        closed,
        first_missing_id,
        last_missing_id,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        count_if(version = 'after') - count_if(version = 'before') AS change
    FROM versions
    GROUP BY
        feed,
        connection_id,
        event,
        occurred_at,
        reason,
        symbols,
        gap_from,
        gap_to,
        frames,
        trades,
        refused,
        refused_frames,
        last_sequence,
        closed,
        first_missing_id,
        last_missing_id,
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
                event,
                to_iso8601(occurred_at),
                reason,
                symbols,
                to_iso8601(gap_from),
                to_iso8601(gap_to),
                frames,
                trades,
                refused,
                refused_frames,
                last_sequence,
                closed,
                first_missing_id,
                last_missing_id,
                kafka_topic,
                kafka_partition,
                kafka_offset,
                kafka_timestamp
            ) AS ROW(
                feed VARCHAR,
                connection_id BIGINT,
                event VARCHAR,
                occurred_at VARCHAR,
                reason VARCHAR,
                symbols ARRAY(VARCHAR),
                gap_from VARCHAR,
                gap_to VARCHAR,
                frames BIGINT,
                trades BIGINT,
                refused BIGINT,
                refused_frames BIGINT,
                last_sequence BIGINT,
                closed BOOLEAN,
                first_missing_id VARCHAR,
                last_missing_id VARCHAR,
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
