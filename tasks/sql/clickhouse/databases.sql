-- The databases of the two layers that ClickHouse holds.
-- silver: what the stream wrote, one row for each key as read. gold: what dbt makes of both lanes.
-- The ClickHouse sink writes the tables in silver, dbt makes those in gold.

CREATE DATABASE IF NOT EXISTS silver;

CREATE DATABASE IF NOT EXISTS gold;
