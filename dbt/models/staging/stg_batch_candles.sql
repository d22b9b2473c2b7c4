WITH candles AS (
    SELECT * FROM {{ source('lake', 'candles_1m') }}
),

-- Iceberg's times are microseconds with a zone, which no cast removes, and its columns may be null: a null fails the run.
final AS (
    SELECT
        CAST(symbol AS String) AS symbol,
        fromUnixTimestamp64Milli(CAST(toUnixTimestamp64Milli(window_start) AS Int64)) AS window_start,
        fromUnixTimestamp64Milli(CAST(toUnixTimestamp64Milli(window_end) AS Int64)) AS window_end,
        CAST(open AS Decimal(18, 8)) AS open,
        CAST(high AS Decimal(18, 8)) AS high,
        CAST(low AS Decimal(18, 8)) AS low,
        CAST(close AS Decimal(18, 8)) AS close,
        CAST(volume AS Decimal(38, 8)) AS volume,
        CAST(turnover AS Decimal(38, 16)) AS turnover,
        CAST(trade_count AS Int64) AS trade_count
    FROM candles
)

SELECT * FROM final
