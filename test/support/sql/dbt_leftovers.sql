-- Relations that dbt makes on its way and drops again.
SELECT concat(database, '.', name) AS name FROM system.tables
WHERE database IN ('gold', 'silver') AND match(name, '__dbt_')
