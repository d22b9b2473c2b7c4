-- The stream's candles of the same minutes, in the order in which they come, equal to the lake's.
INSERT INTO silver.candles_1m_rows (
    symbol, window_start, window_end, open, high, low, close, volume, turnover, trade_count, generation, topic_incarnation, kafka_offset
)
SELECT
    symbol,
    fromUnixTimestamp64Milli(toUnixTimestamp64Milli(window_start)),
    fromUnixTimestamp64Milli(toUnixTimestamp64Milli(window_end)),
    open,
    high,
    low,
    close,
    volume,
    turnover,
    trade_count,
    1,
    1,
    intDiv(toUnixTimestamp(window_start), 60) * 1000 + toUInt32(substring(symbol, 8))
FROM lake.candles
WHERE
    window_start >= toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute({from:UInt32})
    AND window_start < toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute({to:UInt32});
