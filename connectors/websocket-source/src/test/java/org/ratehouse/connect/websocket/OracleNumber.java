package org.ratehouse.connect.websocket;

import java.math.BigInteger;

/**
 * A JSON number as digits and a power of ten, worked out from its characters alone.
 *
 * @param digits without zeros at either end; empty for zero
 * @param exponent the number is digits times ten to this power
 */
record OracleNumber(boolean negative, String digits, BigInteger exponent) {

  private static final BigInteger SCALE = BigInteger.valueOf(8);

  static OracleNumber of(String json) {
    boolean negative = json.startsWith("-");
    String[] parts = json.substring(negative ? 1 : 0).split("[eE]");
    BigInteger exponent = parts.length == 1 ? BigInteger.ZERO : new BigInteger(parts[1]);
    String[] sides = parts[0].split("\\.");
    String fraction = sides.length == 1 ? "" : sides[1];
    String all = (sides[0] + fraction).replaceFirst("^0+", "");
    String digits = all.replaceFirst("0+$", "");
    int zeros = all.length() - digits.length() - fraction.length();
    return new OracleNumber(negative, digits, exponent.add(BigInteger.valueOf(zeros)));
  }

  boolean isZero() {
    return digits.isEmpty();
  }

  /** Whether no digit stands behind the eighth after the point or above the places before it. */
  boolean fits(int wholeDigits) {
    boolean fine = exponent.add(SCALE).signum() >= 0;
    BigInteger above = exponent.add(BigInteger.valueOf(digits.length()));
    return isZero() || (fine && above.compareTo(BigInteger.valueOf(wholeDigits)) <= 0);
  }

  /** The number times ten to the eighth; only of one that fits. */
  BigInteger unscaled() {
    if (isZero()) {
      return BigInteger.ZERO;
    }
    BigInteger power = BigInteger.TEN.pow(exponent.add(SCALE).intValueExact());
    BigInteger value = new BigInteger(digits).multiply(power);
    return negative ? value.negate() : value;
  }

  /** -1 when it is not a whole number of up to 18 digits. */
  long whole() {
    if (exponent.signum() < 0 && !isZero() || !fits(18) || negative && !isZero()) {
      return -1;
    }
    return unscaled().divide(BigInteger.TEN.pow(8)).longValueExact();
  }
}
