-- The time by Trino's clock (epoch ms): its expiry counts from there.
SELECT CAST(to_unixtime(current_timestamp) * 1000 AS BIGINT) AS now
