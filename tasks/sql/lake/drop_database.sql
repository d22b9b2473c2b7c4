-- Forgets how the lake was reached; its tables are elsewhere and stay.
DROP DATABASE IF EXISTS lake;
