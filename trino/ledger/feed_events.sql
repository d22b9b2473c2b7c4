-- The last counts of each connection. They only ever grow, so the last are the greatest.
SELECT
    feed,
    connection_id,
    max(frames) AS frames,
    max(trades) AS trades,
    max(refused) AS refused,
    max(refused_frames) AS refused_frames,
    max(last_sequence) AS last_sequence,
    bool_or(closed) AS closed
FROM lake.bronze.feed_events FOR VERSION AS OF :snapshot
GROUP BY feed, connection_id
