{#
    An exponential moving average is kept as its sum: sum = value + (1 - alpha) * the sum before, with alpha = 2 / (period + 1).
    The average is alpha times that sum. A window function of ClickHouse takes exactly that step for each row, so a run that starts from
    a stored sum, given as its first row's value, ends with the same bits as one that starts at the first bar.
#}

{% macro alpha(period) -%}
    (2 / {{ period + 1 }})
{%- endmacro %}

{% macro decayed_sum(value, period, over) -%}
    exponentialTimeDecayedSum(-1 / log(1 - 2 / {{ period + 1 }}))({{ value }}, bar) OVER {{ over }}
{%- endmacro %}

{# A sum taken row by row, in order: sum() may add in any order, which changes the last bits. Between equal times nothing decays. #}
{% macro running_sum(value, over) -%}
    exponentialTimeDecayedSum(1)({{ value }}, 0) OVER {{ over }}
{%- endmacro %}

{# MACD(12, 26, 9): the slow average begins at bar 26 and the signal is first the mean of nine differences, those of bars 26 to 34. #}
{% macro first_macd_bar() -%}
    34
{%- endmacro %}
