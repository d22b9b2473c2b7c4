-- How many trades bronze holds, and the last offset of the one partition.
SELECT
    count(*) AS trades,
    coalesce(max(kafka_offset), -1) AS last_offset
FROM lake.bronze.trades
