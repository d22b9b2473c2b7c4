-- A killed insert has become visible in parts: some of the rows of a run that never came to its end are taken away again.
DELETE FROM gold.candles_rows
WHERE
    version > (SELECT max(run) FROM gold.progress WHERE model = 'candles_rows' AND state = 'done')
    AND sipHash64(bar_interval, symbol, window_start, {seed:UInt32}) % 3 = 0;

DELETE FROM gold.bars_rows
WHERE
    version > (SELECT max(run) FROM gold.progress WHERE model = 'bars_rows' AND state = 'done')
    AND sipHash64(bar_interval, symbol, window_start, {seed:UInt32}) % 3 = 0;

-- The mark of a finished run of macd_rows is the number of macd_starts, which comes before its own.
DELETE FROM gold.macd_rows
WHERE
    version > (SELECT max(run) FROM gold.progress WHERE model = 'macd_starts' AND state = 'done')
    AND (SELECT max(run) FROM gold.progress WHERE model = 'macd_starts' AND state = 'done')
    > (SELECT max(run) FROM gold.progress WHERE model = 'macd_rows' AND state = 'done')
    AND sipHash64(bar_interval, symbol, window_start, {seed:UInt32}) % 3 = 0;
