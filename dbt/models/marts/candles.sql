WITH candles_rows AS (
    SELECT * FROM {{ ref('candles_rows') }} FINAL
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
        trade_count,
        lane
    FROM candles_rows
    WHERE is_deleted = 0
)

SELECT * FROM final
