-- In place of the lake's table, of the same shape as ClickHouse sees it there, in days as Iceberg's files are.
CREATE DATABASE IF NOT EXISTS lake;

CREATE DATABASE IF NOT EXISTS gold_talib;

CREATE TABLE IF NOT EXISTS lake.candles
(
    symbol String,
    window_start DateTime64(6, 'UTC'),
    window_end DateTime64(6, 'UTC'),
    open Decimal(18, 8),
    high Decimal(18, 8),
    low Decimal(18, 8),
    close Decimal(18, 8),
    volume Decimal(38, 8),
    turnover Decimal(38, 16),
    trade_count Int64
)
ENGINE = MergeTree
PARTITION BY toDate(window_start)
ORDER BY (symbol, window_start);

CREATE VIEW IF NOT EXISTS lake.`silver.candles_1m` AS -- noqa: RF05
SELECT
    toNullable(symbol) AS symbol,
    toNullable(window_start) AS window_start,
    toNullable(window_end) AS window_end,
    toNullable(open) AS open,
    toNullable(high) AS high,
    toNullable(low) AS low,
    toNullable(close) AS close,
    toNullable(volume) AS volume,
    toNullable(turnover) AS turnover,
    toNullable(trade_count) AS trade_count
FROM lake.candles;
