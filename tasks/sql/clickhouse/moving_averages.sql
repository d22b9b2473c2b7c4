-- One row per symbol, length of the window in minutes (1 or 5) and start of the window, which slides by 15 seconds.
-- The ClickHouse sink writes it from topic moving-averages. dbt, Trino, Presto and people read the view silver.moving_averages.
--
-- A row that is written again, in any order, never replaces a newer one: the version is the record's own place,
-- generation of the job, then incarnation of the topic, then offset, and the greatest wins.

CREATE TABLE IF NOT EXISTS silver.moving_averages_rows
(
    symbol String,
    window_minutes Int32,
    window_start DateTime64(3),
    window_end DateTime64(3),
    simple Float64,
    volume_weighted Nullable(Float64),
    trade_count Int64,
    generation UInt32,
    minute_weighted Nullable(Float64),
    topic_incarnation UInt32,
    kafka_offset UInt64,
    version UInt128 MATERIALIZED bitShiftLeft(toUInt128(generation), 96) + bitShiftLeft(toUInt128(topic_incarnation), 64) + kafka_offset
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (symbol, window_minutes, window_start);

CREATE VIEW IF NOT EXISTS silver.moving_averages AS
SELECT
    symbol,
    window_minutes,
    window_start,
    window_end,
    simple,
    volume_weighted,
    trade_count,
    generation,
    minute_weighted
FROM silver.moving_averages_rows FINAL;
