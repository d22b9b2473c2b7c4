{{
    config(
        materialized='table',
        engine=gold_engine('MergeTree'),
        order_by=['bar_interval', 'symbol'],
        contract={'enforced': true},
        pre_hook=['{{ create_progress() }}', '{{ begin_run() }}'],
        post_hook=['{{ end_run() }}'],
    )
}}

{#- No ref: macd_rows is made after this, from it. What is read is what its earlier runs have left. #}
{%- set macd_rows = this.incorporate(path={'identifier': 'macd_rows'}) %}
{%- set done = last_done('macd_rows', ['candles_rows', 'bars_rows']) %}
{%- set first_bar = first_macd_bar() | int %}
{%- set sources = [ref('candles_rows'), ref('bars_rows')] %}

-- A close that changed changes every later bar. What is near to the newest change is kept apart, for that is all that most runs have,
-- and is found without reading a symbol's whole history.

{% if done %}
WITH changed_closes AS (
    {%- for rows in sources %}
    SELECT
        bar_interval,
        symbol,
        window_start
    FROM {{ rows }}
    WHERE close_version > {{ done.run }}
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),

changed AS (
    SELECT
        bar_interval,
        symbol,
        min(window_start) AS first_changed,
        first_changed >= max(first_changed) OVER () - INTERVAL 2 DAY AS is_near
    FROM changed_closes
    GROUP BY bar_interval, symbol
),

near_states AS (
    SELECT
        held.bar_interval AS bar_interval,
        held.symbol AS symbol,
        argMax((held.window_start, held.bar, held.fast_sum, held.slow_sum, held.signal_sum), held.window_start) AS state
    FROM {{ macd_rows }} AS held FINAL
    INNER JOIN changed ON held.bar_interval = changed.bar_interval AND held.symbol = changed.symbol
    WHERE
        held.is_deleted = 0
        AND held.window_start < changed.first_changed
        AND (held.bar_interval, held.symbol) IN (SELECT bar_interval, symbol FROM changed WHERE is_near)
        AND held.window_start >= (SELECT min(first_changed) FROM changed WHERE is_near) - INTERVAL 1 DAY
    GROUP BY held.bar_interval, held.symbol
),

far AS (
    SELECT
        bar_interval,
        symbol,
        first_changed
    FROM changed
    WHERE (bar_interval, symbol) NOT IN (SELECT bar_interval, symbol FROM near_states)
),

far_states AS (
    SELECT
        held.bar_interval AS bar_interval,
        held.symbol AS symbol,
        argMax((held.window_start, held.bar, held.fast_sum, held.slow_sum, held.signal_sum), held.window_start) AS state
    FROM {{ macd_rows }} AS held FINAL
    INNER JOIN far ON held.bar_interval = far.bar_interval AND held.symbol = far.symbol
    WHERE
        held.is_deleted = 0
        AND held.window_start < far.first_changed
        AND (held.bar_interval, held.symbol) IN (SELECT bar_interval, symbol FROM far)
    GROUP BY held.bar_interval, held.symbol
),

states AS (
    SELECT * FROM near_states
    UNION ALL
    SELECT * FROM far_states
),

-- A side that is missing has its types' defaults: bar 0. A bar before the first with a state is none to go on from.
final AS (
    SELECT
        changed.bar_interval AS bar_interval,
        changed.symbol AS symbol,
        states.state.2 >= {{ first_bar }} AS has_state,
        if(has_state, changed.first_changed, toDateTime64(0, 3)) AS first_start,
        CAST(has_state AND changed.is_near AS UInt8) AS is_near,
        if(has_state, states.state.1, toDateTime64(0, 3)) AS start_start,
        CAST(if(has_state, states.state.2, 0) AS Int64) AS start_bar,
        states.state.3 AS fast_sum,
        states.state.4 AS slow_sum,
        states.state.5 AS signal_sum
    FROM changed
    LEFT JOIN states ON changed.bar_interval = states.bar_interval AND changed.symbol = states.symbol
)

SELECT
    bar_interval,
    symbol,
    first_start,
    is_near,
    start_start,
    start_bar,
    fast_sum,
    slow_sum,
    signal_sum
FROM final
{% else %}
-- macd_rows computes everything.
SELECT
    '' AS bar_interval,
    '' AS symbol,
    toDateTime64(0, 3) AS first_start,
    toUInt8(0) AS is_near,
    toDateTime64(0, 3) AS start_start,
    toInt64(0) AS start_bar,
    toFloat64(0) AS fast_sum,
    toFloat64(0) AS slow_sum,
    toFloat64(0) AS signal_sum
WHERE false
{% endif %}
