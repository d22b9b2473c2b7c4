package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the tests' token in what is written, in all the ways in which it can be spelled. */
final class Secrets {

  private static final int PIECE = 5;
  private static final Pattern SPELLING =
      Pattern.compile(
          "\\\\u(?<hex>[0-9a-fA-F]{4})|%(?<percent>[0-9a-fA-F]{2})|\\\\(?<self>[/\"\\\\])");

  private Secrets() {}

  static boolean isIn(String text) {
    return spellings(text).stream().anyMatch(plain -> plain.contains(TestOptions.TOKEN));
  }

  /** Whether it can be read out of a text that is Base64. */
  static boolean isInBinary(String text) {
    try {
      return isIn(new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Fails when the token can be read out of the text. */
  static void assertNone(String text) {
    assertFalse(isIn(text) || isInBinary(text), () -> "The token is in: " + text);
  }

  /** Fails when five characters of the token that stand together can be. */
  static void assertNoPiece(String text) {
    assertFalse(isInBinary(text), () -> "The token is in: " + text);
    for (String plain : spellings(text)) {
      for (int i = 0; i + PIECE <= TestOptions.TOKEN.length(); i++) {
        String piece = TestOptions.TOKEN.substring(i, i + PIECE);
        assertFalse(plain.contains(piece), () -> piece + " of the token is in: " + text);
      }
    }
  }

  /** Every text in the outputs that leaves the process. */
  static List<String> texts(List<FeedOutput> outputs) {
    List<String> texts = new ArrayList<>();
    for (FeedOutput output : outputs) {
      if (output instanceof FeedOutput.Trade trade) {
        texts.add(trade.symbol());
        texts.addAll(trade.conditions());
        texts.add(trade.venueTradeId() == null ? "" : trade.venueTradeId());
      } else if (output instanceof FeedOutput.Refused refused) {
        texts.add(refused.detail());
        texts.add(refused.payload());
      } else if (output instanceof FeedOutput.Event event) {
        texts.add(event.reason() == null ? "" : event.reason());
        texts.addAll(event.symbols());
      }
    }
    return texts;
  }

  /** The token as a choice would have it spelled, each character its own way. */
  static String spell(Choices choices) {
    int way = choices.below(6);
    StringBuilder spelled = new StringBuilder();
    for (char c : TestOptions.TOKEN.toCharArray()) {
      spelled.append(spell(c, way == 5 ? choices.below(5) : way));
    }
    return spelled.toString();
  }

  private static String spell(char c, int way) {
    return switch (way) {
      case 1 -> "\\u%04x".formatted((int) c);
      case 2 -> "\\u%04X".formatted((int) c);
      case 3 -> c == '/' ? "\\/" : String.valueOf(c);
      case 4 -> "%%%02X".formatted((int) c);
      default -> String.valueOf(c);
    };
  }

  private static List<String> spellings(String text) {
    List<String> spellings = new ArrayList<>(List.of(text));
    String plain = decode(text);
    for (int i = 0; i < 3 && !plain.equals(spellings.get(spellings.size() - 1)); i++) {
      spellings.add(plain);
      plain = decode(plain);
    }
    return spellings;
  }

  private static String decode(String text) {
    if (text.indexOf('\\') < 0 && text.indexOf('%') < 0) {
      return text;
    }
    Matcher matcher = SPELLING.matcher(text);
    return matcher.replaceAll(
        found -> {
          String code =
              matcher.group("hex") == null ? matcher.group("percent") : matcher.group("hex");
          String plain =
              code == null
                  ? matcher.group("self")
                  : String.valueOf((char) Integer.parseInt(code, 16));
          return Matcher.quoteReplacement(plain);
        });
  }
}
