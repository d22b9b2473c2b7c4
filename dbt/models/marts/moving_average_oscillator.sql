{{ config(contract={'enforced': true}) }}

-- The newest average says how far back to look, and the table's partitions say which that is: no row is read for it.
WITH averages AS (
    SELECT * FROM {{ source('stream', 'moving_averages') }}
    WHERE window_start >= (SELECT max(window_start) FROM {{ source('stream', 'moving_averages_rows') }}) - INTERVAL 1 DAY
),

pairs AS (
    SELECT
        symbol,
        window_end,
        anyIf(simple, window_minutes = 1) AS average_1m,
        anyIf(simple, window_minutes = 5) AS average_5m
    FROM averages
    GROUP BY symbol, window_end
    HAVING countIf(window_minutes = 1) > 0 AND countIf(window_minutes = 5) > 0
),

steps AS (
    SELECT
        *,
        lagInFrame(toNullable(average_1m)) OVER so_far AS previous_average_1m,
        lagInFrame(toNullable(average_5m)) OVER so_far AS previous_average_5m
    FROM pairs
    WINDOW so_far AS (PARTITION BY symbol ORDER BY window_end ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

final AS (
    SELECT
        symbol,
        window_end,
        average_1m,
        average_5m,
        100 * average_1m / average_5m AS percentage,
        average_1m - previous_average_1m AS change_1m,
        average_5m - previous_average_5m AS change_5m
    FROM steps
    ORDER BY symbol ASC, window_end DESC
    LIMIT 1 BY symbol
)

SELECT * FROM final
