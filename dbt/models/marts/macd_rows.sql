{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        engine='ReplacingMergeTree(version)',
        order_by=['symbol', 'window_start'],
        contract={'enforced': true},
        on_schema_change='fail',
        query_settings={'max_insert_threads': 1, 'join_algorithm': 'full_sorting_merge'},
    )
}}

{%- set fast, slow, signal = 12, 26, 9 %}
{%- set first_bar = first_macd_bar() | int %}

-- MACD(12, 26, 9) in TA-Lib's convention. Only what differs is inserted, in an order that makes a killed run harmless (see `final`).

WITH candles AS (
    SELECT * FROM {{ ref('candles_rows') }} FINAL
    WHERE NOT is_deleted
),

held AS (
    {{ held_rows() }}
),

bars AS (
    SELECT
        symbol,
        window_start,
        close,
        version AS candle_version,
        CAST(row_number() OVER (PARTITION BY symbol ORDER BY window_start) AS Int64) AS bar
    FROM candles
),

-- A side that is missing has its types' defaults: bar 0, version 0.
compared AS (
    SELECT
        symbol,
        window_start,
        bars.bar AS bar,
        bars.close AS close,
        bars.candle_version AS candle_version,
        bars.bar > 0 AS is_wanted,
        held.version AS held_version,
        held.version > 0 AND NOT held.is_deleted AS is_held,
        (held.bar, held.close) AS held_bar,
        held.fast_sum AS held_fast_sum,
        held.slow_sum AS held_slow_sum,
        held.signal_sum AS held_signal_sum,
        -- By the candle's version and not by its close: a row altered by hand is left for validate-gold to name.
        is_wanted != is_held OR (is_wanted AND bars.candle_version != held.candle_version) AS differs
    FROM bars
    FULL OUTER JOIN held USING (symbol, window_start)
    -- A row that was deleted, and whose candle has not come back, is nothing to look at.
    WHERE is_wanted OR is_held
),

-- From a symbol's first difference on, every bar is computed anew.
marked AS (
    SELECT
        *,
        max(differs) OVER (
            PARTITION BY symbol ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS is_open
    FROM compared
),

counted AS (
    SELECT
        *,
        max(is_open) OVER (PARTITION BY symbol) AS is_symbol_open,
        countIf(NOT is_open) OVER (PARTITION BY symbol) AS settled_bars
    FROM marked
),

-- The last settled bar carries the state to go on from, unless it comes before the first bar with a state: then from the beginning.
started AS (
    SELECT
        *,
        if(settled_bars < {{ first_bar }}, 0, settled_bars) AS start_bar,
        sumIf(close, bar BETWEEN {{ slow - fast + 1 }} AND {{ slow }}) OVER (PARTITION BY symbol, is_wanted) AS fast_seed,
        sumIf(close, bar <= {{ slow }}) OVER (PARTITION BY symbol, is_wanted) AS slow_seed
    FROM counted
    WHERE is_symbol_open AND (settled_bars < {{ first_bar }} OR is_open OR bar = settled_bars)
),

averaged AS (
    SELECT
        *,
        {{ decayed_sum('multiIf(
            start_bar > 0 AND bar = start_bar, held_fast_sum,
            bar > ' ~ slow ~ ', toFloat64(close),
            bar = ' ~ slow ~ ', toFloat64(fast_seed) / ' ~ fast ~ ' / ' ~ alpha(fast) ~ ',
            0
        )', fast, 'symbol_bars') }} AS fast_sum,
        {{ decayed_sum('multiIf(
            start_bar > 0 AND bar = start_bar, held_slow_sum,
            bar > ' ~ slow ~ ', toFloat64(close),
            bar = ' ~ slow ~ ', toFloat64(slow_seed) / ' ~ slow ~ ' / ' ~ alpha(slow) ~ ',
            0
        )', slow, 'symbol_bars') }} AS slow_sum
    FROM started
    WINDOW symbol_bars AS (PARTITION BY symbol, is_wanted ORDER BY bar ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

differences AS (
    SELECT
        *,
        {{ alpha(fast) }} * fast_sum AS ema_fast,
        {{ alpha(slow) }} * slow_sum AS ema_slow,
        ema_fast - ema_slow AS macd,
        {{ running_sum('if(bar BETWEEN ' ~ slow ~ ' AND ' ~ first_bar ~ ', macd, 0)', 'symbol_bars') }} AS signal_seed
    FROM averaged
    WINDOW symbol_bars AS (PARTITION BY symbol, is_wanted ORDER BY bar ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

signalled AS (
    SELECT
        *,
        {{ decayed_sum('multiIf(
            start_bar > 0 AND bar = start_bar, held_signal_sum,
            bar > ' ~ first_bar ~ ', macd,
            bar = ' ~ first_bar ~ ', signal_seed / ' ~ signal ~ ' / ' ~ alpha(signal) ~ ',
            0
        )', signal, 'symbol_bars') }} AS signal_sum,
        {{ alpha(signal) }} * signal_sum AS signal
    FROM differences
    WINDOW symbol_bars AS (PARTITION BY symbol, is_wanted ORDER BY bar ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

-- What to write for each row, and when: 0 delete it, 1 write it, 2 write it last.
steps AS (
    SELECT
        *,
        multiIf(
            NOT is_wanted, if(is_held, [0], []),
            bar = settled_bars + 1, if(is_held, [0, 2], [2]),
            differs OR (bar, close) != held_bar OR (fast_sum, slow_sum, signal_sum) != (held_fast_sum, held_slow_sum, held_signal_sum), [1],
            []
        ) AS steps_of_row
    FROM signalled
),

-- A large insert becomes visible block by block, in this order. A symbol's first changed bar is deleted first and written last, so
-- wherever a run is killed, the next one finds that bar missing and goes on from the state before it.
final AS (
    SELECT
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
        candle_version,
        CAST(held_version + if(step = 2 AND is_held, 2, 1) AS UInt64) AS version,
        CAST(step = 0 AS UInt8) AS is_deleted
    FROM steps
    ARRAY JOIN steps_of_row AS step
    ORDER BY step, symbol, bar
)

SELECT * FROM final
