-- Fails where the lake cannot be read: catalog and storage are asked both.
SELECT symbol
FROM lake.`silver.candles_1m` -- noqa: RF05
LIMIT 1
