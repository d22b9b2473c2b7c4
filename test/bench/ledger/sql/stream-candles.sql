-- The same candles as the stream's.
INSERT INTO clickhouse.silver.candles_1m_rows (
    symbol, window_start, window_end, open, high, low, close, volume, turnover, trade_count, generation, topic_incarnation, kafka_offset
)
SELECT
    symbol,
    CAST(window_start AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS window_start,
    CAST(window_end AT TIME ZONE 'UTC' AS TIMESTAMP(3)) AS window_end,
    open,
    high,
    low,
    close,
    volume,
    turnover,
    trade_count,
    1 AS generation,
    1 AS topic_incarnation,
    row_number() OVER (ORDER BY window_start, symbol) AS kafka_offset
FROM lake.silver.candles_1m
