SELECT
    (SELECT count() FROM gold.candles_rows) AS candles,
    (SELECT count() FROM gold.bars_rows) AS bars,
    (SELECT count() FROM gold.macd_rows) AS macd
