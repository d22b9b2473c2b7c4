-- A symbol's candles of gold as people read them, oldest first; decimals with all their digits.
SELECT
    toUnixTimestamp64Milli(window_start) AS window_start,
    toDecimalString(open, 8) AS open,
    toDecimalString(high, 8) AS high,
    toDecimalString(low, 8) AS low,
    toDecimalString(close, 8) AS close,
    toDecimalString(volume, 8) AS volume,
    toDecimalString(turnover, 16) AS turnover,
    trade_count,
    lane
FROM gold.candles AS candles
WHERE candles.symbol = {symbol:String} AND bar_interval = '1m'
ORDER BY candles.window_start
