{#
    Of all rows as read that have the same `within`, the other columns together are different; see holds for the rows that are looked at. A group
    at a time is held in memory, where the table is sorted by `within`.
#}
{% test unique_combination(model, columns, within=[], of_newest_run=true) %}
    SELECT
        {% for column in within %}{{ column }}, {% endfor -%}
        count() AS row_count,
        uniqExact({{ columns | join(', ') }}) AS combinations
    FROM {{ rows_of_newest_run(model) if of_newest_run else model }}
    {{ 'GROUP BY ' ~ (within | join(', ')) if within }}
    HAVING row_count != combinations
    SETTINGS optimize_aggregation_in_order = 1
{% endtest %}
