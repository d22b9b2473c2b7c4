-- How far the stream has come: the start of its newest candle, epoch milliseconds; 0 when there is none.
SELECT max(toUnixTimestamp64Milli(window_start)) AS newest FROM silver.candles_1m
