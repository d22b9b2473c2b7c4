-- The highest offset that a query sees; -1 before the first.

SELECT if(count() = 0, -1, toInt64(max(kafka_offset))) AS newest FROM silver.candles_1m_rows;
