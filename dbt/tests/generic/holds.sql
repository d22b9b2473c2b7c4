{#
    The condition is true of each row. A warning, for a row altered by hand must come to validate-gold, which names it and whose verdict
    counts.
#}
{% test holds(model, condition) %}
    {{ config(severity='warn') }}
    SELECT *
    FROM {{ model }}
    WHERE NOT ({{ condition }})
{% endtest %}
