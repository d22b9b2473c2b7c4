package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.RefusalReason.BAD_CONDITIONS;
import static org.ratehouse.connect.websocket.RefusalReason.BAD_SYMBOL;
import static org.ratehouse.connect.websocket.RefusalReason.MISSING_FIELD;

import java.util.List;

/**
 * What the texts of a trade must fulfil: they come out of Kafka as they went in, and none makes a
 * record that Kafka is too small for, which would end the task again and again.
 */
final class TradeTexts {

  private static final int MOST_SYMBOL = 255;
  private static final int MOST_CONDITIONS = 4_096;

  private TradeTexts() {}

  static void checkSymbol(String symbol) throws ContractBreach {
    if (symbol.isBlank()) {
      throw new ContractBreach(MISSING_FIELD, "The symbol is empty.");
    }
    if (symbol.length() > MOST_SYMBOL || !isText(symbol)) {
      throw new ContractBreach(
          BAD_SYMBOL,
          "The symbol must be well-formed text of up to %d characters.".formatted(MOST_SYMBOL));
    }
  }

  /**
   * @param conditions null when they are not an array of strings
   */
  static void checkConditions(List<String> conditions) throws ContractBreach {
    if (conditions == null) {
      throw new ContractBreach(BAD_CONDITIONS, "The conditions are not an array of strings.");
    }
    int characters = conditions.size();
    boolean text = true;
    for (String condition : conditions) {
      characters += condition.length();
      text &= isText(condition);
    }
    if (characters > MOST_CONDITIONS || !text) {
      throw new ContractBreach(
          BAD_CONDITIONS,
          "The conditions must be well-formed text of up to %d characters together."
              .formatted(MOST_CONDITIONS));
    }
  }

  /** Half of a character beyond the basic plane would be written as a question mark. */
  static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
      }
    }
    return true;
  }
}
