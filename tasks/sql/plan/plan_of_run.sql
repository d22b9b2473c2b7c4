-- The plan of a run. Should two processes have planned one run at the same time, the first plan is the run's.
SELECT plan
FROM gold.plans
WHERE run_id = {run_id:String}
ORDER BY planned_at, plan
LIMIT 1
