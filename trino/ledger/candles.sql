-- The batch lane's candles of [:from, :to).
SELECT
    symbol,
    cast(to_unixtime(window_start) AS bigint) * 1000 AS minute,
    trade_count AS trades
FROM lake.silver.candles_1m
WHERE window_start >= :from AND window_start < :to
