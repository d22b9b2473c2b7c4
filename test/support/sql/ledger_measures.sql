-- The numbers of the newest look at the ledger.
SELECT
    stage,
    measure,
    value
FROM gold.ledger
WHERE looked_at = (SELECT max(looked_at) FROM gold.ledger)
