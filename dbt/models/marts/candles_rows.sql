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
        query_settings=frugal_settings(),
        contract={'enforced': true},
        on_schema_change='fail',
        pre_hook=['{{ create_progress() }}', '{{ begin_run() }}'],
        post_hook=["{{ end_run(marks_of='changed_minutes') }}"],
    )
}}

{%- set goes_on = is_incremental() and last_done('candles_rows') is not none %}

WITH changed AS (
    SELECT * FROM {{ ref('changed_minutes') }}
),

{%- if goes_on %}

batch AS (
    SELECT * FROM {{ ref('stg_batch_candles') }}
    WHERE
        -- The lake's own column, by which it reads few files.
        lake_window_start >= (SELECT min(window_start) FROM changed WHERE is_planned)
        AND lake_window_start <= (SELECT max(window_start) FROM changed WHERE is_planned)
        AND (symbol, window_start) IN (SELECT symbol, window_start FROM changed WHERE is_planned)
),

stream AS (
    SELECT * FROM {{ ref('stg_stream_candles') }}
    WHERE (symbol, window_start) IN (SELECT symbol, window_start FROM changed)
),

held AS (
    SELECT * FROM {{ this }} {{ as_read() }}
    WHERE bar_interval = '1m' AND (symbol, window_start) IN (SELECT symbol, window_start FROM changed)
),

-- In each row a candle and where it is from; held is what an earlier run left.
sides AS (
    SELECT
        'batch' AS side,
        symbol,
        window_start,
        (window_end, open, high, low, close, volume, turnover, trade_count, 'batch') AS candle,
        toUInt64(0) AS close_version
    FROM batch
    UNION ALL
    SELECT
        'stream' AS side,
        symbol,
        window_start,
        (window_end, open, high, low, close, volume, turnover, trade_count, 'stream') AS candle,
        toUInt64(0) AS close_version
    FROM stream
    UNION ALL
    SELECT
        'held' AS side,
        symbol,
        window_start,
        (window_end, open, high, low, close, volume, turnover, trade_count, lane) AS candle,
        close_version
    FROM held
    WHERE is_deleted = 0
),

compared AS (
    SELECT
        symbol,
        window_start,
        countIf(side = 'batch') > 0 AS is_batch,
        countIf(side = 'stream') > 0 AS is_stream,
        countIf(side = 'held') > 0 AS is_held,
        is_batch OR is_stream AS is_wanted,
        -- The batch candle where there is one.
        if(is_batch, anyIf(candle, side = 'batch'), anyIf(candle, side = 'stream')) AS wanted_candle,
        anyIf(candle, side = 'held') AS held_candle,
        anyIf(close_version, side = 'held') AS held_close_version
    FROM sides
    GROUP BY symbol, window_start
),

-- A batch candle that is held changes by a plan alone. One that differs outside of it was altered by hand: it is left as it is, for
-- validate-gold to name.
changes AS (
    SELECT
        *,
        if(is_wanted, wanted_candle, held_candle) AS candle
    FROM compared
    WHERE
        (is_wanted != is_held OR (is_wanted AND wanted_candle != held_candle))
        AND (
            NOT is_held
            OR held_candle.9 = 'stream'
            OR (symbol, window_start) IN (SELECT symbol, window_start FROM changed WHERE is_planned)
        )
),

final AS (
    SELECT
        '1m' AS bar_interval,
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
{%- else %}

-- Everything, in whatever order it comes: the stream's candle gives way to the batch candle by its version, so that nothing is sorted
-- or held in memory.
{%- for lane, before in [('stream', 1), ('batch', 0)] %}

{{ lane }} AS (
    SELECT
        '1m' AS bar_interval,
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
        '{{ lane }}' AS lane,
        CAST({{ this_run() }} - {{ before }} AS UInt64) AS version,
        version AS close_version,
        toUInt8(0) AS is_deleted
    FROM {{ ref('stg_' ~ lane ~ '_candles') }}
),
{%- endfor %}

{%- if is_incremental() %}

-- What an earlier run has left, and neither lane has. Hashes of 128 bits are taken for the keys themselves.
gone AS (
    SELECT
        bar_interval,
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
        lane,
        {{ this_run() }} AS version,
        {{ this_run() }} AS close_version,
        toUInt8(1) AS is_deleted
    FROM {{ this }} {{ as_read() }}
    WHERE
        is_deleted = 0
        AND sipHash128(symbol, window_start) NOT IN (
            SELECT sipHash128(symbol, window_start) FROM stream
            UNION ALL
            SELECT sipHash128(symbol, window_start) FROM batch
        )
),
{%- endif %}

final AS (
    SELECT * FROM stream
    UNION ALL
    SELECT * FROM batch
    {%- if is_incremental() %}
    UNION ALL
    SELECT * FROM gone
    {%- endif %}
)
{%- endif %}

SELECT * FROM final
