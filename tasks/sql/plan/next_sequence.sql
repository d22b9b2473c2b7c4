-- The place of the next plan among all of them, from 1.
SELECT max(sequence) + 1 AS sequence
FROM gold.plans
