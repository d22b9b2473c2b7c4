-- How many rows both have, and the largest difference of any number, 1 where a row has no other. Sorted alike, so little is held in memory.
SELECT
    toInt64((SELECT count() FROM gold.macd)) AS rows,
    toInt64((SELECT count() FROM gold_talib.macd)) AS talib_rows,
    max(greatest(abs(gold.macd - other.macd), abs(gold.signal - other.signal), abs(gold.histogram - other.histogram))) AS largest
FROM gold.macd AS gold
FULL OUTER JOIN gold_talib.macd AS other
    ON gold.bar_interval = other.bar_interval AND gold.symbol = other.symbol AND gold.window_start = other.window_start
SETTINGS join_algorithm = 'full_sorting_merge';
