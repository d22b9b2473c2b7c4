package org.ratehouse.connect.websocket;

import java.math.BigDecimal;

/**
 * Decimals from their text, exactly or not at all. A number is looked at by its digits and exponent
 * before it is expanded: 1e999999999 is ten characters on the wire and a gigabyte in memory.
 *
 * @param name of the number, for what is said about it
 * @param precision digits altogether
 */
record DecimalText(String name, int precision) {

  /** Digits after the point, of every decimal in the contract. */
  static final int SCALE = 8;

  static final DecimalText PRICE = new DecimalText("price", 18);
  static final DecimalText VOLUME = new DecimalText("volume", 19);

  private static final int MOST_CHARACTERS = 1000;
  private static final int QUOTED_CHARACTERS = 64;

  /** The number with exactly {@link #SCALE} digits after the point. */
  BigDecimal parse(String text, RefusalReason notNumber, RefusalReason tooManyDigits)
      throws ContractBreach {
    BigDecimal number = shortest(text);
    if (number == null) {
      throw new ContractBreach(
          notNumber, "The %s is not a number: %s.".formatted(name, quote(text)));
    }
    int wholeDigits = precision - SCALE;
    if (number.scale() > SCALE || wholeDigits(number) > wholeDigits) {
      throw new ContractBreach(
          tooManyDigits,
          "The %s needs more than %d digits before or %d after the point: %s."
              .formatted(name, wholeDigits, SCALE, quote(text)));
    }
    return number.setScale(SCALE);
  }

  /** The whole number, or -1 when the text is not one or it is not in [0, most]. */
  static long wholeNumber(String text, long most) {
    BigDecimal number = shortest(text);
    if (number == null || number.signum() < 0 || number.scale() > 0 || wholeDigits(number) > 18) {
      return -1;
    }
    long whole = number.longValueExact();
    return whole > most ? -1 : whole;
  }

  /** What was found, whole or by its length alone: a part of it could be a part of a secret. */
  static String quote(String text) {
    return text.length() <= QUOTED_CHARACTERS ? text : text.length() + " characters";
  }

  private static long wholeDigits(BigDecimal number) {
    return (long) number.precision() - number.scale();
  }

  /** Without trailing zeros, for 1.100000000 fits eight digits; null when it is not a number. */
  private static BigDecimal shortest(String text) {
    // BigDecimal takes the digits of every script, which no venue means.
    if (text.length() > MOST_CHARACTERS || text.chars().anyMatch(c -> c > '~')) {
      return null;
    }
    try {
      return new BigDecimal(text).stripTrailingZeros();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}
