-- One row per look at the ledger, stage and measure: what a dashboard charts. A look is one report, by validate-gold for a run of gold
-- or by hand (run_id is empty then); its rows have one looked_at, and its measure balanced of stage ledger says how it ended.
-- Measures are the numbers of the report under its own names: trades, refused, candles, late, in_flight and so on of each stage, what
-- is open (stage open), gaps by their state (stage gaps), and problems of each stage. Reports over a window are not written.

CREATE TABLE IF NOT EXISTS gold.ledger
(
    looked_at DateTime64(3),
    run_id String,
    stage LowCardinality(String),
    measure LowCardinality(String),
    value Int64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(looked_at)
ORDER BY (stage, measure, looked_at);
