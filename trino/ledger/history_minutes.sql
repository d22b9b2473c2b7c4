-- The trades of history of each fetch, symbol and minute.
SELECT
    fetch_id,
    symbol,
    cast(to_unixtime(date_trunc('minute', event_time)) AS bigint) * 1000 AS minute,
    count(DISTINCT sequence) AS trades
FROM lake.bronze.trades_history FOR VERSION AS OF :snapshot
GROUP BY fetch_id, symbol, date_trunc('minute', event_time)
