{# Each rate has its inverse: their product is 1. A warning, as of what people may have altered by hand. #}
{% test rates_have_their_inverse(model) %}
    {{ config(severity='warn') }}
    SELECT
        least(base, quote) AS one,
        greatest(base, quote) AS other,
        count() AS rates,
        groupArray(rate) AS both_rates
    FROM {{ model }}
    GROUP BY one, other
    HAVING rates != 2 OR NOT (abs(both_rates[1] * both_rates[2] - 1) <= 1e-12)
{% endtest %}
