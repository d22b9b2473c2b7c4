-- A symbol's MACD of gold as people read it, oldest first.
SELECT
    toUnixTimestamp64Milli(window_start) AS window_start,
    bar,
    macd,
    signal,
    histogram
FROM gold.macd AS bars
WHERE bars.symbol = {symbol:String} AND bar_interval = '1m'
ORDER BY bars.window_start
