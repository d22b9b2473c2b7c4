-- One row per symbol and minute with at least one trade, as the speed lane computed it.
-- The ClickHouse sink writes it from topic candles-1m. dbt, Trino, Presto and people read the view silver.candles_1m.
--
-- A row that is written again, in any order, never replaces a newer one: the version is the record's own place,
-- generation of the job, then incarnation of the topic, then offset, and the greatest wins.

CREATE TABLE IF NOT EXISTS silver.candles_1m_rows
(
    symbol String,
    window_start DateTime64(3),
    window_end DateTime64(3),
    open Decimal(18, 8),
    high Decimal(18, 8),
    low Decimal(18, 8),
    close Decimal(18, 8),
    volume Decimal(38, 8),
    turnover Decimal(38, 16),
    trade_count Int64,
    generation UInt32,
    first_connection_id Nullable(Int64),
    first_sequence Nullable(Int64),
    last_connection_id Nullable(Int64),
    last_sequence Nullable(Int64),
    topic_incarnation UInt32,
    kafka_offset UInt64,
    version UInt128 MATERIALIZED bitShiftLeft(toUInt128(generation), 96) + bitShiftLeft(toUInt128(topic_incarnation), 64) + kafka_offset
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (symbol, window_start);

-- By it gold finds what came since its last run without reading all rows.
ALTER TABLE silver.candles_1m_rows -- noqa: PRS
ADD INDEX IF NOT EXISTS arrived (generation, topic_incarnation, kafka_offset) TYPE minmax GRANULARITY 1;

CREATE VIEW IF NOT EXISTS silver.candles_1m AS
SELECT
    symbol,
    window_start,
    window_end,
    open,
    high,
    low,
    close,
    volume,
    turnover,
    trade_count,
    generation,
    first_connection_id,
    first_sequence,
    last_connection_id,
    last_sequence
FROM silver.candles_1m_rows FINAL;
