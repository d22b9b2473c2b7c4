SELECT
    bar_interval,
    symbol,
    toUnixTimestamp64Milli(bars.window_start) AS window_start,
    bar,
    macd,
    signal,
    histogram
FROM gold.macd AS bars
ORDER BY bar_interval, symbol, bars.window_start
