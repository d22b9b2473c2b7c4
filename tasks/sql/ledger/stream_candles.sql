-- The speed lane's candles as people see them, one row for each symbol and minute: those of [from, to), epoch ms, and each symbol's
-- newest one, up to which the others must be there.
WITH newest AS (
    SELECT
        symbol,
        max(window_start) AS window_start
    FROM silver.candles_1m
    GROUP BY symbol
)

SELECT
    candles.symbol,
    toInt64(toUnixTimestamp(candles.window_start)) * 1000 AS minute,
    toInt64(candles.trade_count) AS trades
FROM silver.candles_1m AS candles
LEFT JOIN newest ON candles.symbol = newest.symbol
WHERE
    (
        candles.window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND candles.window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    )
    OR candles.window_start = newest.window_start
