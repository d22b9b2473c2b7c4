-- The newest life of each topic.
SELECT
    topic,
    toUInt32(max(incarnation)) AS incarnation
FROM silver.topic_incarnations
GROUP BY topic
