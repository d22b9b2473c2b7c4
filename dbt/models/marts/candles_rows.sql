{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        engine='ReplacingMergeTree(version)',
        order_by=['symbol', 'window_start'],
        contract={'enforced': true},
        on_schema_change='fail',
        query_settings={'join_algorithm': 'full_sorting_merge'},
    )
}}

WITH batch AS (
    SELECT * FROM {{ ref('stg_batch_candles') }}
),

stream AS (
    SELECT * FROM {{ ref('stg_stream_candles') }}
),

held AS (
    {{ held_rows() }}
),

planned AS (
    {{ planned_minutes() }}
),

lanes AS (
    SELECT
        *,
        'batch' AS lane
    FROM batch
    UNION ALL
    SELECT
        *,
        'stream' AS lane
    FROM stream
),

-- The batch candle where there is one: its lane sorts first.
wanted AS (
    SELECT *
    FROM lanes
    ORDER BY symbol, window_start, lane
    LIMIT 1 BY symbol, window_start
),

-- A side that is missing has its types' defaults: no lane, version 0.
compared AS (
    SELECT
        symbol,
        window_start,
        wanted.lane != '' AS is_wanted,
        held.version > 0 AND NOT held.is_deleted AS is_held,
        held.version AS held_version,
        held.lane AS held_lane,
        (
            wanted.window_end,
            wanted.open,
            wanted.high,
            wanted.low,
            wanted.close,
            wanted.volume,
            wanted.turnover,
            wanted.trade_count,
            wanted.lane
        ) AS wanted_candle,
        (
            held.window_end,
            held.open,
            held.high,
            held.low,
            held.close,
            held.volume,
            held.turnover,
            held.trade_count,
            held.lane
        ) AS held_candle
    FROM wanted
    FULL OUTER JOIN held USING (symbol, window_start)
),

-- A batch candle that is held changes by a plan alone. One that differs outside of it was altered by hand: it is left as it is, for
-- validate-gold to name.
changed AS (
    SELECT
        *,
        if(is_wanted, wanted_candle, held_candle) AS candle
    FROM compared
    WHERE
        (is_wanted != is_held OR (is_wanted AND wanted_candle != held_candle))
        AND (
            NOT is_held
            OR held_lane = 'stream'
            OR (symbol, window_start) IN (
                SELECT
                    planned.symbol,
                    planned.window_start
                FROM planned
            )
        )
),

-- The version counts the changes of a row, so it needs no clock; writers take turns.
final AS (
    SELECT
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
        held_version + 1 AS version,
        CAST(NOT is_wanted AS UInt8) AS is_deleted
    FROM changed
)

SELECT * FROM final
