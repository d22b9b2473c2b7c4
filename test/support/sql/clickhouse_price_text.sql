-- The same, as ClickHouse reads the lake.
SELECT
    connection_id,
    toInt64(count()) AS trades,
    toInt64(count(price_text)) AS texts,
    toInt64(countIf(toDecimal64(price_text, 8) = price)) AS same
FROM lake.`bronze.trades`
GROUP BY connection_id
ORDER BY connection_id
