{{
    config(
        materialized='table',
        engine=gold_engine('MergeTree'),
        order_by=['symbol', 'window_start'],
        contract={'enforced': true},
        pre_hook=['{{ create_progress() }}', '{{ begin_changed_minutes() }}'],
        post_hook=['{{ end_run() }}'],
    )
}}

{%- set done = last_done('candles_rows') %}
{%- set plans, stream = source('plans', 'plans'), source('stream', 'candles_1m_rows') %}

{% if done %}
-- What this run was planned for, and what earlier runs were that did not come to their end.
WITH plans AS (
    SELECT arrayJoin(JSONExtract(plan, 'minutes', 'Array(Tuple(symbol String, start String, end String))')) AS stretch
    FROM {{ plans }}
    WHERE
        (sequence > {{ done.plan }} AND sequence <= {{ own_plan() }})
        OR run_id = {{ run_id_literal() }}
),

changes AS (
    SELECT
        stretch.symbol AS symbol,
        fromUnixTimestamp64Milli(arrayJoin(range(
            toUnixTimestamp64Milli(parseDateTime64BestEffort(stretch.start, 3, 'UTC')),
            toUnixTimestamp64Milli(parseDateTime64BestEffort(stretch.end, 3, 'UTC')),
            60000
        ))) AS window_start,
        1 AS is_planned
    FROM plans
    UNION ALL
    SELECT
        symbol,
        window_start,
        0 AS is_planned
    FROM {{ stream }}
    WHERE {{ after_marks(done.marks) }}
),
{% else %}
-- candles_rows looks at everything.
WITH changes AS (
    SELECT
        '' AS symbol,
        toDateTime64(0, 3) AS window_start,
        0 AS is_planned
    WHERE false
),
{% endif %}

final AS (
    SELECT
        symbol,
        window_start,
        CAST(max(is_planned) AS UInt8) AS is_planned
    FROM changes
    GROUP BY symbol, window_start
)

SELECT * FROM final
