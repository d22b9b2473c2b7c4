-- The minutes of gold, of whichever lane, of [from, to), epoch ms.
SELECT
    symbol,
    toInt64(toUnixTimestamp(window_start)) * 1000 AS minute,
    toInt64(trade_count) AS trades
FROM gold.candles
WHERE
    bar_interval = '1m'
    AND window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND window_start < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
