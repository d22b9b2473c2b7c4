{{ config(contract={'enforced': true}) }}

WITH symbols AS (
    SELECT DISTINCT symbol
    FROM {{ ref('bars_rows') }} {{ as_read() }}
    WHERE is_deleted = 0 AND bar_interval = '1h'
),

split AS (
    SELECT
        symbol,
        {{ currencies_of('symbol') }} AS currencies
    FROM symbols
),

final AS (
    SELECT
        symbol,
        currencies[1] AS base,
        currencies[2] AS quote
    FROM split
)

SELECT * FROM final
