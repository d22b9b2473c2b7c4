SELECT toInt32(count()) AS tables
FROM system.tables
WHERE database = 'gold' AND name IN ('candles_rows', 'bars_rows', 'macd_rows', 'progress')
