-- The batch lane's candles, as spark-sql/candles_1m.sql makes them.
INSERT INTO lake.silver.candles_1m
SELECT
    symbol,
    date_trunc('minute', event_time) AS window_start,
    date_trunc('minute', event_time) + INTERVAL '1' MINUTE AS window_end,
    min_by(price, sequence) AS open,
    max(price) AS high,
    min(price) AS low,
    max_by(price, sequence) AS close,
    CAST(sum(volume) AS DECIMAL(38, 8)) AS volume,
    CAST(sum(price * volume) AS DECIMAL(38, 16)) AS turnover,
    count(*) AS trade_count
FROM lake.bronze.trades
GROUP BY symbol, date_trunc('minute', event_time)
