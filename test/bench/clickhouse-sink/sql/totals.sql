-- What a reader finds: as once, and exact. Sums are text, for a double would round them.

SELECT
    count() AS rows,
    toString(sum(close)) AS close,
    toString(sum(turnover)) AS turnover,
    sum(trade_count) AS trades
FROM silver.candles_1m;
