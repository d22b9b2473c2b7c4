package org.ratehouse.connect.clickhouse;

/**
 * When rows that wait are sent, whichever comes first.
 *
 * @param rows of one insert
 * @param bytes of one insert, in RowBinary
 * @param lingerMs between two inserts that are not full, so the longest wait of a row
 */
record BatchLimits(int rows, int bytes, long lingerMs) {}
