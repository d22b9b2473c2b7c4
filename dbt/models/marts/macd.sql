{{ config(contract={'enforced': true}) }}

WITH macd_rows AS (
    SELECT * FROM {{ ref('macd_rows') }} FINAL
),

-- Earlier bars are in macd_rows for their numbers alone.
final AS (
    SELECT
        symbol,
        bar_interval,
        window_start,
        bar,
        close,
        ema_fast,
        ema_slow,
        macd,
        signal,
        histogram,
        fast_sum,
        slow_sum,
        signal_sum
    FROM macd_rows
    WHERE is_deleted = 0 AND bar >= {{ first_macd_bar() }}
)

SELECT * FROM final
