-- MACD(12, 26, 9) in TA-Lib's convention, for every bar of gold.candles. The first row of a symbol and interval, at its 34th bar, is
-- computed from the first 34 closes; each later one from the row before it by the averages' own recursion. By induction that is a full
-- recomputation: if the first is right and each step is, all are. A step may be off by 1e-11 of the price; the averages forget, so the
-- steps' errors never add up to more than some 14 times that (1 / alpha of the slow one), far below 1e-9.
WITH bars AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        close,
        CAST(close AS DOUBLE) AS price,
        row_number() OVER (PARTITION BY bar_interval, symbol ORDER BY window_start) AS bar
    FROM clickhouse.gold.candles
),

first_closes AS (
    SELECT
        bar_interval,
        symbol,
        array_agg(
            price
            ORDER BY bar
        ) AS closes
    FROM bars
    WHERE bar <= 34
    GROUP BY bar_interval, symbol
    HAVING count(*) = 34
),

-- At bar 26 the slow average is the mean of 26 closes, the fast one that of the last 12 of them; the signal begins at bar 34 as the mean of
-- the nine differences up to there.
seeds AS (
    SELECT
        bar_interval,
        symbol,
        reduce(
            slice(closes, 27, 8),
            CAST(
                ROW(
                    reduce(slice(closes, 15, 12), DOUBLE '0', (total, x) -> total + x, total -> total / 12),
                    reduce(slice(closes, 1, 26), DOUBLE '0', (total, x) -> total + x, total -> total / 26),
                    reduce(slice(closes, 15, 12), DOUBLE '0', (total, x) -> total + x, total -> total / 12)
                    - reduce(slice(closes, 1, 26), DOUBLE '0', (total, x) -> total + x, total -> total / 26)
                ) AS ROW(fast DOUBLE, slow DOUBLE, differences DOUBLE)
            ),
            (state, x) -> CAST(
                ROW(
                    state.fast + (x - state.fast) * 2 / 13,
                    state.slow + (x - state.slow) * 2 / 27,
                    state.differences + state.fast + (x - state.fast) * 2 / 13 - state.slow - (x - state.slow) * 2 / 27
                ) AS ROW(fast DOUBLE, slow DOUBLE, differences DOUBLE)
            ),
            state -> state
        ) AS seed
    FROM first_closes
),

joined AS (
    SELECT
        coalesce(bars.bar_interval, macd.bar_interval) AS bar_interval,
        coalesce(bars.symbol, macd.symbol) AS symbol,
        coalesce(bars.window_start, macd.window_start) AS window_start,
        bars.bar,
        bars.close,
        bars.price,
        macd.bar AS found_bar,
        macd.close AS found_close,
        macd.ema_fast,
        macd.ema_slow,
        macd.macd,
        macd.signal,
        macd.histogram,
        macd.fast_sum,
        macd.slow_sum,
        macd.signal_sum
    FROM bars
    FULL OUTER JOIN clickhouse.gold.macd AS macd
        ON bars.bar_interval = macd.bar_interval AND bars.symbol = macd.symbol AND bars.window_start = macd.window_start
),

steps AS (
    SELECT
        *,
        lag(ema_fast) OVER symbol_bars AS fast_before,
        lag(ema_slow) OVER symbol_bars AS slow_before,
        lag(signal) OVER symbol_bars AS signal_before
    FROM joined
    WINDOW symbol_bars AS (PARTITION BY bar_interval, symbol ORDER BY window_start)
),

expected AS (
    SELECT
        steps.*,
        abs(steps.price) * 1e-11 AS tolerance,
        IF(steps.bar = 34, seeds.seed.fast, steps.fast_before + (steps.price - steps.fast_before) * 2 / 13) AS wanted_fast,
        IF(steps.bar = 34, seeds.seed.slow, steps.slow_before + (steps.price - steps.slow_before) * 2 / 27) AS wanted_slow,
        IF(steps.bar = 34, seeds.seed.differences / 9, steps.signal_before + (steps.macd - steps.signal_before) * 2 / 10) AS wanted_signal
    FROM steps
    LEFT JOIN seeds ON steps.bar_interval = seeds.bar_interval AND steps.symbol = seeds.symbol
),

-- NOT (a <= b), not a > b: it holds for what is no number, too.
judged AS (
    SELECT
        bar_interval,
        symbol,
        window_start,
        CASE
            WHEN bar IS NULL THEN 'is there, and gold.candles has no such bar'
            WHEN bar < 34 AND found_bar IS NOT NULL THEN format('is there, and is only bar %s: the first is bar 34', bar)
            WHEN bar < 34 THEN NULL
            WHEN found_bar IS NULL THEN format('is missing: bar %s', bar)
            WHEN found_bar != bar THEN format('bar is %s, expected %s', found_bar, bar)
            WHEN found_close != close THEN format('close is %s, expected %s', found_close, close)
            WHEN NOT (abs(ema_fast - wanted_fast) <= tolerance) THEN format('ema_fast is %s, expected %s', ema_fast, wanted_fast)
            WHEN NOT (abs(ema_slow - wanted_slow) <= tolerance) THEN format('ema_slow is %s, expected %s', ema_slow, wanted_slow)
            WHEN NOT (abs(macd - (ema_fast - ema_slow)) <= tolerance) THEN format('macd is %s, expected %s', macd, ema_fast - ema_slow)
            WHEN NOT (abs(signal - wanted_signal) <= tolerance) THEN format('signal is %s, expected %s', signal, wanted_signal)
            WHEN NOT (abs(histogram - (macd - signal)) <= tolerance)
                THEN format('histogram is %s, expected %s', histogram, macd - signal)
            WHEN NOT (abs(fast_sum * 2 / 13 - ema_fast) <= tolerance)
                THEN format('fast_sum is %s, expected %s', fast_sum, ema_fast * 13 / 2)
            WHEN NOT (abs(slow_sum * 2 / 27 - ema_slow) <= tolerance)
                THEN format('slow_sum is %s, expected %s', slow_sum, ema_slow * 27 / 2)
            WHEN NOT (abs(signal_sum * 2 / 10 - signal) <= tolerance)
                THEN format('signal_sum is %s, expected %s', signal_sum, signal * 10 / 2)
        END AS difference
    FROM expected
)

SELECT
    count(*) AS rows_checked,
    count(difference) AS problem_count,
    min(format('clickhouse.gold.macd: %s %s %sZ: %s', bar_interval, symbol, to_iso8601(window_start), difference), 5)
    FILTER (WHERE difference IS NOT NULL) AS problems
FROM judged
