{# The symbol-minutes that the run `run_id` was planned for (gold.plans); none where no run is named, as in a full refresh. #}
{% macro planned_minutes() -%}
    {%- if is_incremental() and var('run_id') != '' -%}
        SELECT
            stretch.symbol AS symbol,
            fromUnixTimestamp64Milli(arrayJoin(range(
                toUnixTimestamp64Milli(parseDateTime64BestEffort(stretch.start, 3, 'UTC')),
                toUnixTimestamp64Milli(parseDateTime64BestEffort(stretch.end, 3, 'UTC')),
                60000
            ))) AS window_start
        FROM (
            SELECT arrayJoin(JSONExtract(plan, 'minutes', 'Array(Tuple(symbol String, start String, end String))')) AS stretch
            FROM {{ source('plans', 'plans') }}
            WHERE run_id = '{{ var('run_id') | replace("\\", "\\\\") | replace("'", "\\'") }}'
        )
    {%- else -%}
        SELECT '' AS symbol, toDateTime64(0, 3) AS window_start WHERE false
    {%- endif -%}
{%- endmacro %}
