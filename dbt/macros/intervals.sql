{# The intervals of bars beside the minute, and their lengths in minutes. #}
{% macro longer_intervals() %}
    {{ return([('5m', 5), ('15m', 15), ('1h', 60)]) }}
{% endmacro %}

{# The start of the bar of so many minutes that a time lies in. #}
{% macro bar_start(time, minutes) -%}
    CAST(toStartOfInterval({{ time }}, toIntervalMinute({{ minutes }})) AS DateTime64(3))
{%- endmacro %}

{# A bar, made of its minutes; it is the lake's when all of these are. #}
{% macro bar_columns() -%}
    argMin(open, minute_start) AS open,
        max(high) AS high,
        min(low) AS low,
        argMax(close, minute_start) AS close,
        sum(volume) AS volume,
        sum(turnover) AS turnover,
        sum(trade_count) AS trade_count,
        if(min(lane = 'batch'), 'batch', 'stream') AS lane
{%- endmacro %}
