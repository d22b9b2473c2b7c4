-- The runs planned after the one with the given sequence, and whether they were validated. A run's first plan is its plan.
WITH newer AS (
    SELECT
        run_id,
        plan
    FROM gold.plans
    WHERE sequence > {sequence:UInt64}
    ORDER BY run_id, planned_at, plan
    LIMIT 1 BY run_id
),

validated_runs AS (
    SELECT run_id AS validated_id
    FROM gold.validations
    WHERE check_name = 'run' AND passed = 1
)

SELECT
    newer.run_id,
    newer.plan,
    validated_runs.validated_id != '' AS validated
FROM newer
LEFT JOIN validated_runs ON newer.run_id = validated_runs.validated_id
