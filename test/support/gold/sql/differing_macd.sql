-- Rows as read that are in one database alone; a text of a double has all of its bits.
SELECT
    if(in_gold > 0, 'gold', 'full refresh') AS found_in,
    toString(bar) AS row
FROM (
    SELECT
        bar,
        countIf(source = 'gold') AS in_gold,
        countIf(source = 'fresh') AS in_fresh
    FROM (
        SELECT
            'gold' AS source,
            tuple(* APPLY (toString)) AS bar
        FROM gold.macd
        UNION ALL
        SELECT
            'fresh' AS source,
            tuple(* APPLY (toString)) AS bar
        FROM gold_fresh.macd
    )
    GROUP BY bar
)
WHERE in_gold != 1 OR in_fresh != 1
ORDER BY row
LIMIT 6
