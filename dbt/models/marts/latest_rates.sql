{{ config(contract={'enforced': true}) }}

-- The newest hour of each symbol tells where its newest minute is, without looking at all minutes.
WITH newest_hours AS (
    SELECT
        symbol,
        max(window_start) AS newest_hour
    FROM {{ ref('bars_rows') }} {{ as_read() }}
    WHERE is_deleted = 0 AND bar_interval = '1h'
    GROUP BY symbol
),

closes AS (
    SELECT
        symbol,
        argMax(close, window_start) AS price,
        max(window_end) AS priced_at
    FROM {{ ref('candles_rows') }} {{ as_read() }}
    WHERE
        is_deleted = 0
        AND bar_interval = '1m'
        AND (symbol, {{ bar_start('window_start', 60) }}) IN (SELECT symbol, newest_hour FROM newest_hours)
    GROUP BY symbol
),

-- Where several venues have a pair, the newest price.
prices AS (
    SELECT
        pairs.base AS base,
        pairs.quote AS quote,
        closes.symbol AS symbol,
        toFloat64(closes.price) AS rate,
        closes.priced_at AS priced_at
    FROM closes
    INNER JOIN {{ ref('symbol_pairs') }} AS pairs ON closes.symbol = pairs.symbol
    WHERE pairs.base != '' AND pairs.base != pairs.quote AND closes.price > 0
    ORDER BY base ASC, quote ASC, priced_at DESC, symbol ASC
    LIMIT 1 BY base, quote
),

-- Two currencies that quote the same base: the price in one divided by that in the other. As old as the older of both.
crosses AS (
    SELECT
        one.quote AS base,
        other.quote AS quote,
        concat(one.symbol, ' and ', other.symbol) AS symbol,
        other.rate / one.rate AS rate,
        least(one.priced_at, other.priced_at) AS priced_at
    FROM prices AS one
    INNER JOIN prices AS other ON one.base = other.base
    WHERE one.quote != other.quote
),

rates AS (
    SELECT
        *,
        'direct' AS kind,
        1 AS preference
    FROM prices
    UNION ALL
    SELECT
        prices.quote AS base,
        prices.base AS quote,
        prices.symbol AS symbol,
        1 / prices.rate AS rate,
        prices.priced_at AS priced_at,
        'inverse' AS kind,
        2 AS preference
    FROM prices
    UNION ALL
    SELECT
        *,
        'cross' AS kind,
        3 AS preference
    FROM crosses
),

-- Of the same two currencies the most direct rate, then the newest.
final AS (
    SELECT
        base,
        quote,
        rate,
        kind,
        priced_at,
        symbol AS made_of
    FROM rates
    ORDER BY base ASC, quote ASC, preference ASC, priced_at DESC, made_of ASC
    LIMIT 1 BY base, quote
)

SELECT * FROM final
