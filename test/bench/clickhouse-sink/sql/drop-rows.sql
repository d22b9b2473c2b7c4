-- The table of an earlier run. Small parts of it may still be merging, which would be measured.

DROP TABLE IF EXISTS silver.candles_1m_rows SYNC;
