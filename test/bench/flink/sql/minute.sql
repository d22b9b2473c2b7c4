-- The symbols whose candle of a minute is queryable.
SELECT symbol
FROM silver.candles_1m
WHERE window_start = fromUnixTimestamp64Milli({minute:Int64}) AND startsWith(symbol, 'LIVE:')
