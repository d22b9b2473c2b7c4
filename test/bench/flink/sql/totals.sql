-- Candles, and the trades in them.
SELECT
    toInt64(count()) AS candles,
    toInt64(sum(trade_count)) AS trades
FROM silver.candles_1m
WHERE startsWith(symbol, {prefix:String})
