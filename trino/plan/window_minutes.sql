-- The symbol-minutes of a window: of its trades, the stream's and history's, and of its candles, for a candle may have to go.
SELECT
    symbol,
    CAST(to_unixtime(date_trunc('minute', event_time)) AS BIGINT) AS start_seconds
FROM lake.bronze.trades FOR VERSION AS OF :snapshot
WHERE event_time >= :start AND event_time < :end
UNION DISTINCT
SELECT
    symbol,
    CAST(to_unixtime(date_trunc('minute', event_time)) AS BIGINT) AS start_seconds
FROM lake.bronze.trades_history
WHERE event_time >= :start AND event_time < :end
UNION DISTINCT
SELECT
    symbol,
    CAST(to_unixtime(date_trunc('minute', window_start)) AS BIGINT) AS start_seconds
FROM lake.silver.candles_1m
WHERE window_start >= :start AND window_start < :end
ORDER BY symbol, start_seconds
