-- How many of a symbol's candles have an average price, and how many of those have the right one.
SELECT
    toInt64(count()) AS candles,
    toInt64(countIf(average_price IS NOT NULL)) AS averages,
    toInt64(countIf(abs(average_price - toFloat64(turnover) / toFloat64(volume)) <= 1e-9 * average_price)) AS same
FROM silver.candles_1m AS candles
WHERE candles.symbol = {symbol:String}
