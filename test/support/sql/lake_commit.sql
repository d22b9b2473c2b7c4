-- When the lake took trades last, epoch milliseconds; 0 when it never has.
SELECT coalesce(CAST(max(to_unixtime(committed_at)) * 1000 AS bigint), 0) AS newest FROM lake.bronze."trades$snapshots"
