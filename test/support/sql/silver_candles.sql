-- A symbol's candles of the batch lane, oldest first; decimals with all their digits.
SELECT
    cast(to_unixtime(window_start) * 1000 AS BIGINT) AS window_start,
    cast(open AS VARCHAR) AS open,
    cast(high AS VARCHAR) AS high,
    cast(low AS VARCHAR) AS low,
    cast(close AS VARCHAR) AS close,
    cast(volume AS VARCHAR) AS volume,
    cast(turnover AS VARCHAR) AS turnover,
    trade_count
FROM lake.silver.candles_1m
WHERE symbol = :symbol
ORDER BY window_start
