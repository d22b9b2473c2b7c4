package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecimalBytesTest {
  /** The ends of each decimal, and the numbers around which a carry or a sign could go wrong. */
  @Test
  void is_exact_at_every_end_of_every_precision() {
    for (int precision = 1; precision <= 76; precision++) {
      ColumnType column = ColumnType.parse("Decimal(" + precision + ", 0)");
      DecimalBytes decimal = new DecimalBytes(column);
      BigInteger bound = BigInteger.TEN.pow(precision);
      for (BigInteger value : edges(bound)) {
        byte[] bytes = value.toByteArray();
        RowBinary found = new RowBinary();
        if (value.abs().compareTo(bound) < 0) {
          decimal.write(bytes, bytes.length, found);
          RowBinary expected = new RowBinary();
          expected.integer(value, column.decimalWidth());
          assertArrayEquals(expected.bytes(), found.bytes(), () -> value + " in " + column.text());
        } else {
          var refused =
              assertThrows(
                  ArithmeticException.class,
                  () -> decimal.write(bytes, bytes.length, found),
                  () -> value + " in " + column.text());
          assertTrue(refused.getMessage().contains(value.toString()), refused.getMessage());
        }
      }
    }
  }

  private static List<BigInteger> edges(BigInteger bound) {
    List<BigInteger> middles = new ArrayList<>(List.of(BigInteger.ZERO, bound));
    for (int bits = 7; bits < 256; bits += 8) {
      middles.add(BigInteger.ONE.shiftLeft(bits));
      middles.add(BigInteger.ONE.shiftLeft(bits + 1));
    }
    BigInteger high = bound.shiftRight(Long.SIZE);
    for (int more = -1; more <= 2; more++) {
      middles.add(high.add(BigInteger.valueOf(more)).shiftLeft(Long.SIZE));
    }
    List<BigInteger> edges = new ArrayList<>();
    for (BigInteger middle : middles) {
      for (int more = -1; more <= 1; more++) {
        BigInteger edge = middle.add(BigInteger.valueOf(more));
        edges.add(edge);
        edges.add(edge.negate());
      }
    }
    return edges;
  }
}
