SELECT
    symbol,
    formatDateTime(window_start, '%F %R') AS minute_utc,
    toString(close) AS close,
    toString(round(ema_fast, 4)) AS ema_fast,
    toString(round(ema_slow, 4)) AS ema_slow,
    toString(round(macd, 4)) AS macd,
    toString(round(signal, 4)) AS signal,
    toString(round(histogram, 4)) AS histogram
FROM gold.macd
WHERE bar_interval = '1m'
ORDER BY window_start DESC, symbol ASC
LIMIT 5
