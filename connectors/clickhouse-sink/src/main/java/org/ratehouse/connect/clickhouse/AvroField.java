package org.ratehouse.connect.clickhouse;

import java.io.IOException;

/**
 * Reads the values of one field and writes them to a column that was found to hold them. Throws
 * ArithmeticException for a value that the column cannot hold.
 */
@FunctionalInterface
interface AvroField {
  void copy(AvroInput in, RowBinary out) throws IOException;
}
