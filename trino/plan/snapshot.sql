-- The current snapshot of the trades in the lake. Its id has more digits than a double.
SELECT CAST(snapshot_id AS VARCHAR) AS snapshot_id
FROM lake.bronze."trades$refs"
WHERE name = 'main'
