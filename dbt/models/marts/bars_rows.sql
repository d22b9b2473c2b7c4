{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        engine=gold_engine('ReplacingMergeTree', 'version'),
        order_by=['bar_interval', 'symbol', 'window_start'],
        settings={'index_granularity': 1024},
        indexes=[
            {'name': 'by_version', 'definition': 'version TYPE minmax GRANULARITY 1'},
            {'name': 'by_close_version', 'definition': 'close_version TYPE minmax GRANULARITY 1'},
        ],
        query_settings=frugal_settings({'optimize_aggregation_in_order': 1}),
        contract={'enforced': true},
        on_schema_change='fail',
        pre_hook=['{{ create_progress() }}', '{{ begin_run() }}'],
        post_hook=['{{ end_run() }}'],
    )
}}

{%- set done = last_done('bars_rows', ['candles_rows']) if is_incremental() else none %}

{% if done %}
-- Minutes that were written since the last run.
WITH changed AS (
    SELECT DISTINCT
        symbol,
        window_start
    FROM {{ ref('candles_rows') }}
    WHERE version > {{ done.run }}
),

-- The bars that they lie in.
changed_bars AS (
    {%- for interval, length in longer_intervals() %}
    SELECT DISTINCT
        '{{ interval }}' AS bar_interval,
        symbol,
        {{ bar_start('window_start', length) }} AS window_start
    FROM changed
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),

-- All minutes of the hours that these lie in, read once.
minutes AS (
    SELECT
        *,
        window_start AS minute_start
    FROM {{ ref('candles_rows') }} {{ as_read() }}
    WHERE
        is_deleted = 0
        AND bar_interval = '1m'
        AND (symbol, {{ bar_start('window_start', 60) }}) IN (SELECT symbol, window_start FROM changed_bars WHERE bar_interval = '1h')
),

-- Each minute once for each bar that it is part of.
parts AS (
    SELECT
        bars.1 AS bar_interval,
        minutes.symbol AS symbol,
        bars.2 AS window_start,
        bars.3 AS length,
        minutes.* EXCEPT (bar_interval, symbol, window_start)
    FROM minutes
    ARRAY JOIN [
        {%- for interval, length in longer_intervals() %}
        ('{{ interval }}', {{ bar_start('minutes.minute_start', length) }}, {{ length }}){{ ',' if not loop.last }}
        {%- endfor %}
    ] AS bars
    WHERE (bar_interval, symbol, window_start) IN (SELECT bar_interval, symbol, window_start FROM changed_bars)
),

wanted AS (
    SELECT
        parts.bar_interval AS bar_interval,
        parts.symbol AS symbol,
        parts.window_start AS window_start,
        window_start + toIntervalMinute(any(length)) AS window_end,
        {{ bar_columns() }}
    FROM parts
    GROUP BY bar_interval, symbol, window_start
),
{% else %}
WITH minutes AS (
    SELECT
        *,
        window_start AS minute_start
    FROM {{ ref('candles_rows') }} {{ as_read() }}
    WHERE is_deleted = 0
),

-- Each interval by itself, in the order of the table, so that little is held in memory.
wanted AS (
    {%- for interval, length in longer_intervals() %}
    SELECT
        '{{ interval }}' AS bar_interval,
        minutes.symbol AS symbol,
        {{ bar_start('minutes.minute_start', length) }} AS window_start,
        window_start + toIntervalMinute({{ length }}) AS window_end,
        {{ bar_columns() }}
    FROM minutes
    GROUP BY minutes.symbol, window_start
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),
{% endif %}

{%- if is_incremental() %}

sides AS (
    SELECT
        'wanted' AS side,
        bar_interval,
        symbol,
        window_start,
        (window_end, open, high, low, close, volume, turnover, trade_count, lane) AS candle,
        toUInt64(0) AS close_version
    FROM wanted
    UNION ALL
    SELECT
        'held' AS side,
        bar_interval,
        symbol,
        window_start,
        (window_end, open, high, low, close, volume, turnover, trade_count, lane) AS candle,
        close_version
    FROM {{ this }} {{ as_read() }}
    WHERE
        is_deleted = 0
        {%- if done %}
        AND (bar_interval, symbol, window_start) IN (
            SELECT
                bar_interval,
                symbol,
                window_start
            FROM changed_bars
        )
        {%- endif %}
),

compared AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        countIf(side = 'wanted') > 0 AS is_wanted,
        countIf(side = 'held') > 0 AS is_held,
        anyIf(candle, side = 'wanted') AS wanted_candle,
        anyIf(candle, side = 'held') AS held_candle,
        anyIf(close_version, side = 'held') AS held_close_version
    FROM sides
    GROUP BY bar_interval, symbol, window_start
),
{%- else %}

compared AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        true AS is_wanted,
        false AS is_held,
        (window_end, open, high, low, close, volume, turnover, trade_count, lane) AS wanted_candle,
        wanted_candle AS held_candle,
        toUInt64(0) AS held_close_version
    FROM wanted
),
{%- endif %}

changes AS (
    SELECT
        *,
        if(is_wanted, wanted_candle, held_candle) AS candle
    FROM compared
    WHERE is_wanted != is_held OR wanted_candle != held_candle
),

final AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        candle.1 AS window_end,
        candle.2 AS open,
        candle.3 AS high,
        candle.4 AS low,
        candle.5 AS close,
        candle.6 AS volume,
        candle.7 AS turnover,
        candle.8 AS trade_count,
        candle.9 AS lane,
        {{ this_run() }} AS version,
        if(is_wanted AND is_held AND wanted_candle.5 = held_candle.5, held_close_version, version) AS close_version,
        CAST(NOT is_wanted AS UInt8) AS is_deleted
    FROM changes
)

SELECT * FROM final
