-- The columns of the lake's tables, in their order.
SELECT
    table_schema AS schema_name,
    table_name,
    column_name,
    data_type,
    is_nullable = 'YES' AS nullable
FROM lake.information_schema.columns
WHERE table_schema IN ('bronze', 'silver')
ORDER BY table_schema, table_name, ordinal_position
