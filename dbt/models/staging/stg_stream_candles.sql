WITH candles AS (
    SELECT * FROM {{ source('stream', 'candles_1m') }}
),

final AS (
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
        trade_count
    FROM candles
)

SELECT * FROM final
