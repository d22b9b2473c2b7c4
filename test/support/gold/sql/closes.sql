-- The closes of each symbol and interval in the order of the bars.
SELECT
    bar_interval,
    symbol,
    groupArray(window_start) AS starts,
    groupArray(close) AS closes
FROM (
    SELECT
        bar_interval,
        symbol,
        toUnixTimestamp64Milli(candles.window_start) AS window_start,
        toString(candles.close) AS close
    FROM gold.candles AS candles
    ORDER BY bar_interval, symbol, candles.window_start
)
GROUP BY bar_interval, symbol
