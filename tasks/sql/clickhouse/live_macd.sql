-- One row per symbol and minute with a candle, from the symbol's 34th candle in Kafka on: MACD(12, 26, 9) as the speed lane computed it.
-- The ClickHouse sink writes it from topic live-macd. dbt, Trino, Presto and people read the view silver.live_macd.
--
-- A row that is written again, in any order, never replaces a newer one: the version is the record's own place,
-- generation of the job, then incarnation of the topic, then offset, and the greatest wins.

CREATE TABLE IF NOT EXISTS silver.live_macd_rows
(
    symbol String,
    window_start DateTime64(3),
    window_end DateTime64(3),
    bar Int64,
    close Decimal(18, 8),
    ema_fast Float64,
    ema_slow Float64,
    macd Float64,
    signal Float64,
    histogram Float64,
    generation UInt32,
    topic_incarnation UInt32,
    kafka_offset UInt64,
    version UInt128 MATERIALIZED bitShiftLeft(toUInt128(generation), 96) + bitShiftLeft(toUInt128(topic_incarnation), 64) + kafka_offset
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (symbol, window_start);

CREATE VIEW IF NOT EXISTS silver.live_macd AS
SELECT
    symbol,
    window_start,
    window_end,
    bar,
    close,
    ema_fast,
    ema_slow,
    macd,
    signal,
    histogram,
    generation
FROM silver.live_macd_rows FINAL;
