-- One row per topic and life of that topic: a topic that is created anew begins its offsets at 0 again.
-- start-stream writes it just before it creates a topic, and gives the newest to the ClickHouse sink as part of a row's version.

CREATE TABLE IF NOT EXISTS silver.topic_incarnations
(
    topic String,
    incarnation UInt32,
    created_at DateTime64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, incarnation);
