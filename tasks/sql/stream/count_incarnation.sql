-- A topic begins anew: one more life than it had.
INSERT INTO silver.topic_incarnations (topic, incarnation, created_at)
SELECT
    {topic:String},
    toUInt32(max(incarnation) + 1) AS incarnation,
    now64(3) AS created_at
FROM silver.topic_incarnations
WHERE topic = {topic:String};
