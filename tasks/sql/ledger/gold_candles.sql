-- The candles of gold, of whichever lane.
SELECT
    symbol,
    toInt64(toUnixTimestamp(window_start)) * 1000 AS minute,
    toInt64(trade_count) AS trades
FROM gold.candles
