-- How the database of the lake was made, its secrets masked, and which server this is. One row, also when there is no such database.
SELECT
    version() AS server,
    (
        SELECT any(databases.engine_full)
        FROM system.databases
        WHERE databases.name = 'lake'
    ) AS definition
