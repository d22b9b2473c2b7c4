SELECT count() AS candles
FROM silver.candles_1m
