package org.ratehouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WideSumTest {
  @Test
  void isExactForAnyMixtureOfAddends() {
    Random random = new Random(11);
    WideSum sum = new WideSum();
    BigInteger wanted = BigInteger.ZERO;
    for (int i = 0; i < 10_000; i++) {
      long a = random.nextLong();
      long b = random.nextLong() >> random.nextInt(64);
      BigInteger wide = new BigInteger(110, random).negate();
      WideSum part = new WideSum();
      part.add(b);
      sum.add(a);
      sum.addProduct(a >> 4, b >> 12);
      sum.add(part);
      sum.add(wide);
      wanted =
          wanted
              .add(BigInteger.valueOf(a))
              .add(BigInteger.valueOf(a >> 4).multiply(BigInteger.valueOf(b >> 12)))
              .add(BigInteger.valueOf(b))
              .add(wide);
      assertEquals(wanted, sum.toBigInteger());
    }
  }

  @Test
  void refusesWhatItCannotHold() {
    WideSum sum = new WideSum();
    sum.add(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));
    assertThrows(ArithmeticException.class, () -> sum.add(1));
    assertThrows(ArithmeticException.class, () -> sum.add(BigInteger.ONE.shiftLeft(127)));
  }
}
