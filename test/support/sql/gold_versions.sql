-- How many versions of rows gold was ever given; a merge may drop an older one, its number stays in the newer.
SELECT
    (SELECT toInt64(sum(version)) FROM gold.candles_rows FINAL) AS candles,
    (SELECT toInt64(sum(version)) FROM gold.macd_rows FINAL) AS macd
