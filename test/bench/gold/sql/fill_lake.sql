-- Candles of minutes {from} up to but not including {to}, counted from 2026-01-01, of so many symbols: a wave of hours with noise on it.
INSERT INTO lake.candles
SELECT
    concat('BENCH:S', leftPad(toString(number % {symbols:UInt32}), 3, '0')) AS symbol,
    toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute({from:UInt32} + intDiv(number, {symbols:UInt32})) AS window_start,
    window_start + INTERVAL 1 MINUTE AS window_end,
    toDecimal64(
        100 + (number % {symbols:UInt32}) + 10 * sin(({from:UInt32} + intDiv(number, {symbols:UInt32})) / 300) + sipHash64(symbol, window_start) % 1000 / 1000,
        8
    ) AS open,
    open + toDecimal64(0.75, 8) AS high,
    open - toDecimal64(0.5, 8) AS low,
    open + toDecimal64(sipHash64(window_start, symbol) % 1000 / 2000 - 0.25, 8) AS close,
    toDecimal128(1 + number % 7, 8) AS volume,
    toDecimal128(close, 16) AS turnover,
    1 + number % 7 AS trade_count
FROM numbers(({to:UInt32} - {from:UInt32}) * {symbols:UInt32});
