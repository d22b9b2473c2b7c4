-- Of each connection: its trades, those with a text of the price, and those whose text is the price in the recording's own digits:
-- twelve after the point, where the price has eight.
SELECT
    connection_id,
    count(*) AS trades,
    count(price_text) AS texts,
    count_if(CAST(price_text AS DECIMAL(18, 8)) = price AND length(price_text) = length(CAST(price AS VARCHAR)) + 4) AS same
FROM lake.bronze.trades
GROUP BY connection_id
ORDER BY connection_id
