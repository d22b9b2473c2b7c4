SELECT
    symbol,
    formatDateTime(window_start, '%F %R') AS minute_utc,
    toString(open) AS open,
    toString(high) AS high,
    toString(low) AS low,
    toString(close) AS close,
    toString(volume) AS volume,
    trade_count
FROM silver.candles_1m
ORDER BY window_start DESC, symbol ASC
LIMIT 5
