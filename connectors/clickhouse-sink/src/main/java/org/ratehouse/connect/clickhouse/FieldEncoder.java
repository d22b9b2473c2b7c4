package org.ratehouse.connect.clickhouse;

/** Writes the values of one field; throws ArithmeticException for one the column cannot hold. */
@FunctionalInterface
interface FieldEncoder {
  void write(Object value, RowBinary out);

  /** Around the encoder of a column's values, for a column that holds null or does not. */
  static FieldEncoder nullable(FieldEncoder encoder, boolean nullable) {
    return nullable ? orNull(encoder) : required(encoder);
  }

  private static FieldEncoder required(FieldEncoder encoder) {
    return (value, out) -> {
      if (value == null) {
        throw new ArithmeticException("null, which the column does not hold");
      }
      encoder.write(value, out);
    };
  }

  private static FieldEncoder orNull(FieldEncoder encoder) {
    return (value, out) -> {
      out.flag(value == null);
      if (value != null) {
        encoder.write(value, out);
      }
    };
  }
}
