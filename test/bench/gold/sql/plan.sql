-- A plan of the minutes {from} up to but not including {to} of all symbols.
INSERT INTO gold.plans
SELECT
    {run_id:String} AS run_id,
    {sequence:UInt64} AS sequence,
    'snapshots' AS kind,
    concat(
        '{"run_id":"', {run_id:String}, '","sequence":', toString({sequence:UInt64}),
        ',"kind":"snapshots","snapshot_id":null,"offsets":{},"horizon":"2030-01-01T00:00:00.000Z","deferred":[],"minutes":[',
        arrayStringConcat(
            arrayMap(
                n -> concat(
                    '{"symbol":"BENCH:S', leftPad(toString(n), 3, '0'),
                    '","start":"', formatDateTime(toDateTime('2026-01-01 00:00:00', 'UTC') + toIntervalMinute({from:UInt32}), '%FT%T.000Z'),
                    '","end":"', formatDateTime(toDateTime('2026-01-01 00:00:00', 'UTC') + toIntervalMinute({to:UInt32}), '%FT%T.000Z'), '"}'
                ),
                range({symbols:UInt32})
            ),
            ','
        ),
        ']}'
    ) AS plan,
    toDateTime64('2026-01-01 00:00:00', 3) AS planned_at;
