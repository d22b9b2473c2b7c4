-- Rows as read that are in one database alone; a text of a double has all of its bits.
SELECT
    if(in_gold > 0, 'gold', 'full refresh') AS found_in,
    toString(candle) AS row
FROM (
    SELECT
        candle,
        countIf(source = 'gold') AS in_gold,
        countIf(source = 'fresh') AS in_fresh
    FROM (
        SELECT
            'gold' AS source,
            tuple(* APPLY (toString)) AS candle
        FROM gold.candles
        UNION ALL
        SELECT
            'fresh' AS source,
            tuple(* APPLY (toString)) AS candle
        FROM gold_fresh.candles
    )
    GROUP BY candle
)
WHERE in_gold != 1 OR in_fresh != 1
ORDER BY row
LIMIT 6
