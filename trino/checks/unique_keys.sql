-- Each key once: a trade by where it came in, a candle and its MACD by interval, symbol and start.
WITH keys AS (
    SELECT
        'lake.bronze.trades' AS table_name,
        format('connection_id %s, sequence %s of feed %s', connection_id, sequence, feed) AS row_key,
        count(*) AS row_count
    FROM lake.bronze.trades
    GROUP BY feed, connection_id, sequence
    UNION ALL
    SELECT
        'lake.silver.candles_1m' AS table_name,
        format('%s %s', symbol, to_iso8601(window_start)) AS row_key,
        count(*) AS row_count
    FROM lake.silver.candles_1m
    GROUP BY symbol, window_start
    UNION ALL
    SELECT
        'clickhouse.gold.candles' AS table_name,
        format('%s %s %sZ', bar_interval, symbol, to_iso8601(window_start)) AS row_key,
        count(*) AS row_count
    FROM clickhouse.gold.candles
    GROUP BY bar_interval, symbol, window_start
    UNION ALL
    SELECT
        'clickhouse.gold.macd' AS table_name,
        format('%s %s %sZ', bar_interval, symbol, to_iso8601(window_start)) AS row_key,
        count(*) AS row_count
    FROM clickhouse.gold.macd
    GROUP BY bar_interval, symbol, window_start
)

SELECT
    coalesce(sum(row_count), 0) AS rows_checked,
    count_if(row_count > 1) AS problem_count,
    min(format('%s: %s is there %s times', table_name, row_key, row_count), 5) FILTER (WHERE row_count > 1) AS problems
FROM keys
