-- Rows that were written, each as often as it was.

SELECT count() AS rows FROM silver.candles_1m_rows;
