-- One row per run of gold: its input, fixed by plan-run before anything is computed. A run that is started again reads the same plan.

CREATE TABLE IF NOT EXISTS gold.plans
(
    run_id String,
    sequence UInt64,
    kind String,
    plan String,
    planned_at DateTime64(3)
)
ENGINE = MergeTree
ORDER BY (run_id, planned_at);
