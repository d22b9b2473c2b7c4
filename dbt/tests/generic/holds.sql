{#
    The condition is true of each row as read; of a table whose rows know their run, of those that the newest run wrote: the others were looked
    at before, and validate-gold looks at all. A warning, for a row altered by hand must come to validate-gold, which names it and whose
    verdict counts.
#}
{% test holds(model, condition, of_newest_run=true) %}
    {{ config(severity='warn') }}
    SELECT *
    FROM {{ rows_of_newest_run(model) if of_newest_run else model }}
    WHERE NOT ({{ condition }})
{% endtest %}
