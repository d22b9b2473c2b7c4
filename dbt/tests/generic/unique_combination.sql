{# The columns together are different in each row. #}
{% test unique_combination(model, columns) %}
    SELECT
        {{ columns | join(', ') }},
        count() AS row_count
    FROM {{ model }}
    GROUP BY {{ columns | join(', ') }}
    HAVING row_count > 1
    SETTINGS optimize_aggregation_in_order = 1
{% endtest %}
