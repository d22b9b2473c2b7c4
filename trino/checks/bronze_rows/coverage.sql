-- The rows of lake.bronze.coverage that a snapshot added (change: how many of them) or removed (below 0):
-- those that are there after it, less those that were there before.
WITH versions AS (
    SELECT
        'before' AS version,
        symbol,
        covered_from,
        covered_to,
        trade_count,
        fetch_id,
        fetched_at,
        feed,
        unavailable_reason,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.coverage FOR VERSION AS OF :before
    UNION ALL
    SELECT
        'after' AS version,
        symbol,
        covered_from,
        covered_to,
        trade_count,
        fetch_id,
        fetched_at,
        feed,
        unavailable_reason,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp
    FROM lake.bronze.coverage FOR VERSION AS OF :after
),

changes AS (
    SELECT
        symbol,
        covered_from,
        covered_to,
        trade_count,
        fetch_id,
        fetched_at,
        feed,
        unavailable_reason,
        kafka_topic,
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        count_if(version = 'after') - count_if(version = 'before') AS change
    FROM versions
    GROUP BY
        symbol,
        covered_from,
        covered_to,
        trade_count,
        fetch_id,
        fetched_at,
        feed,
        unavailable_reason,
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
                to_iso8601(covered_from),
                to_iso8601(covered_to),
                trade_count,
                fetch_id,
                to_iso8601(fetched_at),
                feed,
                unavailable_reason,
                kafka_topic,
                kafka_partition,
                kafka_offset,
                kafka_timestamp
            ) AS ROW(
                symbol VARCHAR,
                covered_from VARCHAR,
                covered_to VARCHAR,
                trade_count BIGINT,
                fetch_id VARCHAR,
                fetched_at VARCHAR,
                feed VARCHAR,
                unavailable_reason VARCHAR,
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
