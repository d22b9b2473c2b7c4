-- The bars of 5 and 15 minutes and of an hour in gold.candles = those made of its minutes, in every column, both ways.
WITH minutes AS (
    SELECT *
    FROM clickhouse.gold.candles
    WHERE bar_interval = '1m'
),

lengths AS (
    SELECT *
    FROM (VALUES ('5m', 5), ('15m', 15), ('1h', 60)) AS lengths (bar_interval, minutes)
),

wanted AS (
    SELECT
        lengths.bar_interval,
        minutes.symbol,
        date_trunc('hour', minutes.window_start)
        + (minute(minutes.window_start) / lengths.minutes) * lengths.minutes * INTERVAL '1' MINUTE AS window_start,
        lengths.minutes AS bar_minutes,
        min_by(minutes.open, minutes.window_start) AS open,
        max(minutes.high) AS high,
        min(minutes.low) AS low,
        max_by(minutes.close, minutes.window_start) AS close,
        sum(minutes.volume) AS volume,
        sum(minutes.turnover) AS turnover,
        sum(minutes.trade_count) AS trade_count,
        IF(bool_and(minutes.lane = 'batch'), 'batch', 'stream') AS lane
    FROM minutes
    CROSS JOIN lengths
    GROUP BY 1, 2, 3, 4
),

found AS (
    SELECT *
    FROM clickhouse.gold.candles
    WHERE bar_interval != '1m'
),

compared AS (
    SELECT
        coalesce(wanted.bar_interval, found.bar_interval) AS bar_interval,
        coalesce(wanted.symbol, found.symbol) AS symbol,
        coalesce(wanted.window_start, found.window_start) AS window_start,
        CASE
            WHEN wanted.symbol IS NULL THEN 'is there, and gold.candles has no minute of it'
            WHEN found.symbol IS NULL THEN 'is missing'
            WHEN found.window_end IS DISTINCT FROM wanted.window_start + wanted.bar_minutes * INTERVAL '1' MINUTE
                THEN format('window_end is %sZ', to_iso8601(found.window_end))
            WHEN found.open IS DISTINCT FROM wanted.open THEN format('open is %s, made of its minutes %s', found.open, wanted.open)
            WHEN found.high IS DISTINCT FROM wanted.high THEN format('high is %s, made of its minutes %s', found.high, wanted.high)
            WHEN found.low IS DISTINCT FROM wanted.low THEN format('low is %s, made of its minutes %s', found.low, wanted.low)
            WHEN found.close IS DISTINCT FROM wanted.close THEN format('close is %s, made of its minutes %s', found.close, wanted.close)
            WHEN found.volume IS DISTINCT FROM wanted.volume
                THEN format('volume is %s, made of its minutes %s', found.volume, wanted.volume)
            WHEN found.turnover IS DISTINCT FROM wanted.turnover
                THEN format('turnover is %s, made of its minutes %s', found.turnover, wanted.turnover)
            WHEN found.trade_count IS DISTINCT FROM wanted.trade_count
                THEN format('trade_count is %s, made of its minutes %s', found.trade_count, wanted.trade_count)
            WHEN found.lane IS DISTINCT FROM wanted.lane THEN format('lane is %s, made of its minutes %s', found.lane, wanted.lane)
        END AS difference
    FROM wanted
    FULL OUTER JOIN found
        ON wanted.bar_interval = found.bar_interval AND wanted.symbol = found.symbol AND wanted.window_start = found.window_start
)

SELECT
    count(*) AS rows_checked,
    count(difference) AS problem_count,
    min(format('clickhouse.gold.candles: %s %s %sZ %s', bar_interval, symbol, to_iso8601(window_start), difference), 5)
    FILTER (WHERE difference IS NOT NULL) AS problems
FROM compared
