{{ config(contract={'enforced': true}) }}

WITH minutes AS (
    SELECT * FROM {{ ref('candles_rows') }} FINAL
),

longer_bars AS (
    SELECT * FROM {{ ref('bars_rows') }} FINAL
),

{%- for rows in ['minutes', 'longer_bars'] %}

{{ rows }}_held AS (
    SELECT
        symbol,
        bar_interval,
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
    FROM {{ rows }}
    WHERE is_deleted = 0
),
{%- endfor %}

final AS (
    SELECT * FROM minutes_held
    UNION ALL
    SELECT * FROM longer_bars_held
)

SELECT * FROM final
