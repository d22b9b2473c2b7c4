-- The candles of gold as dbt's model has them: versions, and a view of the newest.
CREATE TABLE gold.candles_rows
ENGINE = ReplacingMergeTree(version)
ORDER BY (bar_interval, symbol, window_start) AS
SELECT
    '1m' AS bar_interval,
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
    'batch' AS lane,
    toUInt64(1) AS version
FROM silver.candles_1m;

CREATE VIEW gold.candles AS
SELECT *
FROM gold.candles_rows FINAL;
