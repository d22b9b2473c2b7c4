WITH candles AS (
    SELECT * FROM {{ source('lake', 'candles_1m') }}
),

-- Iceberg's times are microseconds with a zone, which no cast removes, and its columns may be null: a null fails the run.
final AS (
    SELECT
        candles.window_start AS lake_window_start,
        CAST(candles.symbol AS String) AS symbol,
        fromUnixTimestamp64Milli(CAST(toUnixTimestamp64Milli(candles.window_start) AS Int64)) AS window_start,
        fromUnixTimestamp64Milli(CAST(toUnixTimestamp64Milli(candles.window_end) AS Int64)) AS window_end,
        CAST(candles.open AS Decimal(18, 8)) AS open,
        CAST(candles.high AS Decimal(18, 8)) AS high,
        CAST(candles.low AS Decimal(18, 8)) AS low,
        CAST(candles.close AS Decimal(18, 8)) AS close,
        CAST(candles.volume AS Decimal(38, 8)) AS volume,
        CAST(candles.turnover AS Decimal(38, 16)) AS turnover,
        CAST(candles.trade_count AS Int64) AS trade_count
    FROM candles
)

SELECT * FROM final
