{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        engine=gold_engine('ReplacingMergeTree', 'version'),
        order_by=['bar_interval', 'symbol', 'window_start'],
        settings={'index_granularity': 1024},
        indexes=[{'name': 'by_version', 'definition': 'version TYPE minmax GRANULARITY 1'}],
        query_settings=frugal_settings(),
        contract={'enforced': true},
        on_schema_change='fail',
        pre_hook=['{{ create_progress() }}', '{{ begin_run() }}'],
        post_hook=["{{ end_run(run_of='macd_starts') }}"],
    )
}}

{%- set fast, slow, signal = 12, 26, 9 %}
{%- set first_bar = first_macd_bar() | int %}
{%- set goes_on = is_incremental() and last_done('macd_rows', ['candles_rows', 'bars_rows']) is not none %}
{%- set sources = [ref('candles_rows'), ref('bars_rows')] %}

-- MACD(12, 26, 9) in TA-Lib's convention. Of each symbol and interval, all bars from the first changed one on are written anew: so it
-- does not matter which of a killed run's rows are there.

WITH starts AS (
    SELECT * FROM {{ ref('macd_starts') }}
),

{%- if goes_on %}

candles AS (
    {%- for rows in sources %}
    {%- for is_near in [1, 0] %}
    {{ rows_from(rows, 'bar_interval, symbol, window_start, close', is_near) }}
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),

wanted AS (
    SELECT
        candles.bar_interval AS bar_interval,
        candles.symbol AS symbol,
        candles.window_start AS window_start,
        candles.close AS close,
        starts.start_bar AS start_bar,
        toFloat64(0) AS start_fast_sum,
        toFloat64(0) AS start_slow_sum,
        toFloat64(0) AS start_signal_sum
    FROM candles
    INNER JOIN starts ON candles.bar_interval = starts.bar_interval AND candles.symbol = starts.symbol
    WHERE candles.window_start >= starts.first_start
    UNION ALL
    -- The bar before, whose state the first of them goes on from.
    SELECT
        bar_interval,
        symbol,
        start_start AS window_start,
        CAST(0 AS Decimal(18, 8)) AS close,
        start_bar,
        fast_sum AS start_fast_sum,
        slow_sum AS start_slow_sum,
        signal_sum AS start_signal_sum
    FROM starts
    WHERE start_bar > 0
),
{%- else %}
{%- for rows in sources %}

-- One table at a time: each is read in its own order, so that nothing is sorted.
wanted_{{ loop.index }} AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        close,
        toInt64(0) AS start_bar,
        toFloat64(0) AS start_fast_sum,
        toFloat64(0) AS start_slow_sum,
        toFloat64(0) AS start_signal_sum
    FROM {{ rows }} {{ as_read() }}
    WHERE is_deleted = 0
),
{%- endfor %}
{%- endif %}

{%- for wanted in (['wanted'] if goes_on else ['wanted_1', 'wanted_2']) %}

{{ wanted }}_bars AS (
    SELECT
        *,
        CAST(greatest(start_bar, 1) - 1 + row_number() OVER (PARTITION BY bar_interval, symbol ORDER BY window_start) AS Int64) AS bar
    FROM {{ wanted }}
),

{{ wanted }}_seeded AS (
    SELECT
        *,
        sumIf(close, bar BETWEEN {{ slow - fast + 1 }} AND {{ slow }}) OVER so_far AS fast_seed,
        sumIf(close, bar <= {{ slow }}) OVER so_far AS slow_seed
    FROM {{ wanted }}_bars
    WINDOW so_far AS (PARTITION BY bar_interval, symbol ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

{{ wanted }}_averaged AS (
    SELECT
        *,
        {{ decayed_sum('multiIf(
            bar = start_bar, start_fast_sum,
            bar > ' ~ slow ~ ', toFloat64(close),
            bar = ' ~ slow ~ ', toFloat64(fast_seed) / ' ~ fast ~ ' / ' ~ alpha(fast) ~ ',
            0
        )', fast, 'so_far') }} AS fast_sum,
        {{ decayed_sum('multiIf(
            bar = start_bar, start_slow_sum,
            bar > ' ~ slow ~ ', toFloat64(close),
            bar = ' ~ slow ~ ', toFloat64(slow_seed) / ' ~ slow ~ ' / ' ~ alpha(slow) ~ ',
            0
        )', slow, 'so_far') }} AS slow_sum
    FROM {{ wanted }}_seeded
    WINDOW so_far AS (PARTITION BY bar_interval, symbol ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

{{ wanted }}_differences AS (
    SELECT
        *,
        {{ alpha(fast) }} * fast_sum AS ema_fast,
        {{ alpha(slow) }} * slow_sum AS ema_slow,
        ema_fast - ema_slow AS macd,
        {{ running_sum('if(bar BETWEEN ' ~ slow ~ ' AND ' ~ first_bar ~ ', macd, 0)', 'so_far') }} AS signal_seed
    FROM {{ wanted }}_averaged
    WINDOW so_far AS (PARTITION BY bar_interval, symbol ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

{{ wanted }}_signalled AS (
    SELECT
        *,
        {{ decayed_sum('multiIf(
            bar = start_bar, start_signal_sum,
            bar > ' ~ first_bar ~ ', macd,
            bar = ' ~ first_bar ~ ', signal_seed / ' ~ signal ~ ' / ' ~ alpha(signal) ~ ',
            0
        )', signal, 'so_far') }} AS signal_sum,
        {{ alpha(signal) }} * signal_sum AS signal
    FROM {{ wanted }}_differences
    WINDOW so_far AS (PARTITION BY bar_interval, symbol ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
{%- endfor %}

{%- if is_incremental() %}

-- Rows that an earlier run has left, and whose candle is gone.
held AS (
    {%- if goes_on %}
    {%- for is_near in [1, 0] %}
    {{ rows_from(this, 'bar_interval, symbol, window_start', is_near) }}
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
    {%- else %}
    SELECT
        bar_interval,
        symbol,
        window_start
    FROM {{ this }} {{ as_read() }}
    WHERE is_deleted = 0
    {%- endif %}
),

{%- if not goes_on %}

candles AS (
    {%- for rows in sources %}
    SELECT
        bar_interval,
        symbol,
        window_start
    FROM {{ rows }} {{ as_read() }}
    WHERE is_deleted = 0
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),
{%- endif %}

gone AS (
    SELECT
        held.bar_interval AS bar_interval,
        held.symbol AS symbol,
        held.window_start AS window_start
    FROM held
    {%- if goes_on %}
    INNER JOIN starts ON held.bar_interval = starts.bar_interval AND held.symbol = starts.symbol
    {%- endif %}
    WHERE
        -- Hashes of 128 bits are taken for the keys themselves.
        sipHash128(held.bar_interval, held.symbol, held.window_start) NOT IN (
            SELECT sipHash128(bar_interval, symbol, window_start) FROM candles
        )
        {%- if goes_on %}
        AND held.window_start >= starts.first_start
        {%- endif %}
),
{%- endif %}

final AS (
    {%- for wanted in (['wanted'] if goes_on else ['wanted_1', 'wanted_2']) %}
    SELECT
        bar_interval,
        symbol,
        window_start,
        bar,
        close,
        ema_fast,
        ema_slow,
        macd,
        signal,
        macd - signal AS histogram,
        fast_sum,
        slow_sum,
        signal_sum,
        {{ this_run() }} AS version,
        toUInt8(0) AS is_deleted
    FROM {{ wanted }}_signalled
    WHERE bar > start_bar
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
    {%- if is_incremental() %}
    UNION ALL
    SELECT
        bar_interval,
        symbol,
        window_start,
        toInt64(0) AS bar,
        CAST(0 AS Decimal(18, 8)) AS close,
        toFloat64(0) AS ema_fast,
        toFloat64(0) AS ema_slow,
        toFloat64(0) AS macd,
        toFloat64(0) AS signal,
        toFloat64(0) AS histogram,
        toFloat64(0) AS fast_sum,
        toFloat64(0) AS slow_sum,
        toFloat64(0) AS signal_sum,
        {{ this_run() }} AS version,
        toUInt8(1) AS is_deleted
    FROM gone
    {%- endif %}
)

SELECT * FROM final
