-- The plans of gold: each run that was validated has its plan, sequences have no hole, and a plan is what its row says: its run, its place,
-- its kind, and no more of the topic than bronze holds at :snapshot. What the next run has still to look at rests on the last of them.
WITH plans AS (
    SELECT
        run_id,
        sequence,
        kind,
        plan,
        lead(sequence) OVER (ORDER BY sequence) AS next_sequence,
        row_number() OVER (ORDER BY sequence) AS place
    FROM clickhouse.gold.plans
),

held AS (
    SELECT
        CAST(kafka_partition AS VARCHAR) AS partition_id,
        max(kafka_offset) AS last_offset
    FROM lake.bronze.trades FOR VERSION AS OF :snapshot
    GROUP BY kafka_partition
),

beyond AS (
    SELECT
        plans.run_id,
        plans.sequence,
        max(seen.partition_id) AS partition_id,
        max(seen.last_offset) AS last_offset
    FROM plans
    CROSS JOIN UNNEST(try_cast(json_extract(plans.plan, '$.offsets') AS MAP (VARCHAR, BIGINT))) AS seen (partition_id, last_offset)
    LEFT JOIN held ON seen.partition_id = held.partition_id
    WHERE seen.last_offset > coalesce(held.last_offset, -1)
    GROUP BY plans.run_id, plans.sequence
),

validated AS (
    SELECT run_id
    FROM clickhouse.gold.validations
    GROUP BY run_id
),

judged AS (
    SELECT
        format('run %s', plans.run_id) AS name,
        CASE
            WHEN json_extract_scalar(plans.plan, '$.run_id') IS DISTINCT FROM plans.run_id
                THEN format('its plan is that of run %s', json_extract_scalar(plans.plan, '$.run_id'))
            WHEN json_extract_scalar(plans.plan, '$.sequence') IS DISTINCT FROM CAST(plans.sequence AS VARCHAR)
                THEN format('its plan has sequence %s, its row %s', json_extract_scalar(plans.plan, '$.sequence'), plans.sequence)
            WHEN json_extract_scalar(plans.plan, '$.kind') IS DISTINCT FROM plans.kind
                THEN format('its plan is of kind %s, its row %s', json_extract_scalar(plans.plan, '$.kind'), plans.kind)
            WHEN beyond.run_id IS NOT NULL
                THEN
                    format(
                        'its plan has seen trades-%s@%s, which bronze does not hold', beyond.partition_id, beyond.last_offset
                    )
            WHEN plans.place = 1 AND plans.sequence > 1
                THEN format('the plans before sequence %s are missing', plans.sequence)
            WHEN plans.next_sequence > plans.sequence + 1
                THEN format('the plans between sequences %s and %s are missing', plans.sequence, plans.next_sequence)
        END AS problem
    FROM plans
    LEFT JOIN beyond ON plans.run_id = beyond.run_id AND plans.sequence = beyond.sequence
    UNION ALL
    SELECT
        format('run %s', validated.run_id) AS name,
        IF(plans.run_id IS NULL, 'it was validated, and its plan is missing') AS problem
    FROM validated
    LEFT JOIN plans ON validated.run_id = plans.run_id
)

SELECT
    count(*) AS rows_checked,
    count(problem) AS problem_count,
    min(format('clickhouse.gold.plans: %s: %s', name, problem), 5) FILTER (WHERE problem IS NOT NULL) AS problems
FROM judged
