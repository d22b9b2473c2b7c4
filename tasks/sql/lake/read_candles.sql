-- Fails where the lake cannot be read: catalog and storage are asked both.
SELECT candles.symbol
FROM lake.`silver.candles_1m` AS candles -- noqa: RF05
ORDER BY candles.symbol
LIMIT 1
