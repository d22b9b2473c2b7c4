package org.ratehouse.connect.websocket;

/** Damages a text as a network, a careless venue or an attacker would. */
final class TextMutation {

  private TextMutation() {}

  /** Mostly the text itself; otherwise with one to three damages. */
  static String mutate(String text, Choices choices) {
    String mutated = text;
    if (choices.oneIn(3)) {
      for (int i = choices.between(1, 3); i > 0; i--) {
        mutated = once(mutated, choices);
      }
    }
    return mutated;
  }

  private static String once(String text, Choices choices) {
    int from = choices.below(text.length() + 1);
    int to = Math.min(text.length(), from + choices.of(1, 2, 5, 20, 100));
    String head = text.substring(0, from);
    String part = text.substring(from, to);
    String tail = text.substring(to);
    return switch (choices.below(7)) {
      case 0 -> head;
      case 1 -> head + tail;
      case 2 -> head + part + part + tail;
      case 3 -> head + piece(choices) + part + tail;
      case 4 -> head + piece(choices) + tail;
      case 5 -> text + choices.of("", " ", "\n") + text;
      default -> text + piece(choices);
    };
  }

  private static String piece(Choices choices) {
    return choices.of(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        " ",
        "\u0000",
        "0",
        "-",
        ".",
        "e",
        "null",
        "\ufeff",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "\u2028",
        "\\u0000",
        "//",
        "/**/",
        "#",
        "\"type\":\"trade\",");
  }

  /** The text with the token at some place, spelled one way or another. */
  static String withToken(String text, Choices choices) {
    int at = choices.below(text.length() + 1);
    return text.substring(0, at) + Secrets.spell(choices) + text.substring(at);
  }
}
