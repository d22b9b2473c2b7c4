-- Changes with each row that a run writes: a row's version is the number of its run.
SELECT
    (SELECT toInt64(sum(version)) FROM gold.candles_rows FINAL) AS candles,
    (SELECT toInt64(sum(version)) FROM gold.bars_rows FINAL) AS bars,
    (SELECT toInt64(sum(version)) FROM gold.macd_rows FINAL) AS macd
