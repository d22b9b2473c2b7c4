-- noqa: disable=RF02,RF03
SELECT
    window_minutes,
    toUnixTimestamp64Milli(window_start) AS window_start,
    simple,
    volume_weighted,
    minute_weighted,
    trade_count
FROM silver.moving_averages AS averages
WHERE averages.symbol = {symbol:String}
ORDER BY averages.window_minutes, averages.window_start
