-- One row per run and check, as validate-gold found it the last time; the row of check 'run' says whether all of them passed.
-- validate-gold writes it. dbt, Trino, Presto and people read the view gold.validations.

CREATE TABLE IF NOT EXISTS gold.validations_rows
(
    run_id String,
    sequence UInt64,
    check_name String,
    passed UInt8,
    rows_checked Int64,
    problem_count Int64,
    first_problem String,
    checked_at DateTime64(3)
)
ENGINE = ReplacingMergeTree(checked_at)
ORDER BY (sequence, run_id, check_name);

CREATE VIEW IF NOT EXISTS gold.validations AS
SELECT
    run_id,
    sequence,
    check_name,
    passed,
    rows_checked,
    problem_count,
    first_problem,
    checked_at
FROM gold.validations_rows FINAL;
