-- noqa: disable=RF02,RF03
-- A symbol's MACD of the stream as people read it, oldest first.
SELECT
    toUnixTimestamp64Milli(window_start) AS window_start,
    bar,
    macd,
    signal,
    histogram
FROM silver.live_macd AS bars
WHERE bars.symbol = {symbol:String}
ORDER BY bars.window_start
