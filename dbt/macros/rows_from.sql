{# Rows as read of the symbols and intervals in macd_starts, from the earliest start on: of those that are near, or of the others. #}
{% macro rows_from(relation, columns, is_near) -%}
    SELECT {{ columns }}
    FROM {{ relation }} {{ as_read() }}
    WHERE
        is_deleted = 0
        AND (bar_interval, symbol) IN (SELECT bar_interval, symbol FROM starts WHERE is_near = {{ is_near }})
        AND window_start >= (SELECT min(first_start) FROM starts WHERE is_near = {{ is_near }})
{%- endmacro %}
