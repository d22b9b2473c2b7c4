{#
    For each symbol and day in which the newest run changed a longer bar, the longer bars have the volume, turnover and trades of the minutes. A
    warning, for a row altered by hand must come to validate-gold.
#}
{% test sums_agree_over_intervals(model, minutes) %}
    {{ config(severity='warn') }}
    WITH days AS (
        SELECT DISTINCT
            symbol,
            toDate(window_start) AS day
        FROM {{ rows_of_newest_run(model) }}
    ),

    sums AS (
        {%- for rows in [model, minutes] %}
        SELECT
            bar_interval,
            symbol,
            toDate(window_start) AS day,
            (sum(volume), sum(turnover), sum(trade_count)) AS sums_of_day
        FROM {{ rows }} FINAL
        WHERE is_deleted = 0 AND (symbol, toDate(window_start)) IN (SELECT symbol, day FROM days)
        GROUP BY bar_interval, symbol, day
        {{ 'UNION ALL' if not loop.last }}
        {%- endfor %}
    )

    SELECT
        symbol,
        day,
        groupArray((bar_interval, sums_of_day)) AS intervals
    FROM sums
    GROUP BY symbol, day
    HAVING uniqExact(sums_of_day) > 1 OR count() != 4
{% endtest %}
