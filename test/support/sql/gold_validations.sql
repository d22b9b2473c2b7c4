-- The checks of the newest run that passed and that looked at something.
SELECT check_name
FROM gold.validations
WHERE
    passed = 1
    AND rows_checked > 0
    AND sequence = (SELECT max(sequence) FROM gold.validations)
ORDER BY check_name
