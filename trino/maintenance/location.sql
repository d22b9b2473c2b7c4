-- Where a table of the lake has its files.
WITH tables AS (
    SELECT
        'bronze.trades' AS table_name,
        properties.value AS location
    FROM lake.bronze."trades$properties" AS properties
    WHERE properties.key = 'location'
    UNION ALL
    SELECT
        'bronze.feed_events' AS table_name,
        properties.value AS location
    FROM lake.bronze."feed_events$properties" AS properties
    WHERE properties.key = 'location'
    UNION ALL
    SELECT
        'bronze.trades_dlq' AS table_name,
        properties.value AS location
    FROM lake.bronze."trades_dlq$properties" AS properties
    WHERE properties.key = 'location'
    UNION ALL
    SELECT
        'bronze.trades_history' AS table_name,
        properties.value AS location
    FROM lake.bronze."trades_history$properties" AS properties
    WHERE properties.key = 'location'
    UNION ALL
    SELECT
        'bronze.coverage' AS table_name,
        properties.value AS location
    FROM lake.bronze."coverage$properties" AS properties
    WHERE properties.key = 'location'
    UNION ALL
    SELECT
        'silver.candles_1m' AS table_name,
        properties.value AS location
    FROM lake.silver."candles_1m$properties" AS properties
    WHERE properties.key = 'location'
)

SELECT location
FROM tables
WHERE table_name = :wanted
