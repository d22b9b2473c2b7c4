-- The last validated run over snapshots: what it looked at need not be looked at again.
SELECT plans.plan
FROM gold.plans AS plans
INNER JOIN gold.validations AS validations ON plans.run_id = validations.run_id
WHERE
    plans.kind = 'snapshots'
    AND validations.check_name = 'run'
    AND validations.passed = 1
ORDER BY plans.sequence DESC, plans.planned_at ASC
LIMIT 1
