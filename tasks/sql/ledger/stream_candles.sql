-- The speed lane's candles as people see them: one row for each symbol and minute.
SELECT
    symbol,
    toInt64(toUnixTimestamp(window_start)) * 1000 AS minute,
    toInt64(trade_count) AS trades
FROM silver.candles_1m
