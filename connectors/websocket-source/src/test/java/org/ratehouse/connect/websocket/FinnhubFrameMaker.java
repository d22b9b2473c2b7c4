package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;

/** Makes Finnhub's frames: right ones, ones of wrong values, and damaged ones. */
final class FinnhubFrameMaker implements FrameMaker {

  @Override
  public String make(Choices choices) {
    JsonMaker json = new JsonMaker(choices);
    List<String> fields = new ArrayList<>();
    fields.add("\"data\":" + (choices.oneIn(12) ? json.value() : data(json, choices)));
    fields.add("\"type\":" + type(json, choices));
    if (choices.oneIn(8)) {
      fields.add("\"msg\":" + (choices.oneIn(2) ? json.string() : json.value()));
    }
    if (choices.oneIn(8)) {
      fields.add("\"x\":" + json.value());
    }
    if (choices.oneIn(16)) {
      fields.remove(choices.below(fields.size()));
    }
    return json.object(fields);
  }

  private static String type(JsonMaker json, Choices choices) {
    return switch (choices.below(10)) {
      case 7 -> "\"ping\"";
      case 8 -> "\"error\"";
      case 9 -> choices.oneIn(2) ? json.value() : "\"\\u0074rade\"";
      default -> "\"trade\"";
    };
  }

  private static String data(JsonMaker json, Choices choices) {
    List<String> trades = new ArrayList<>();
    int count = choices.below(6);
    for (int i = 0; i < count; i++) {
      trades.add(choices.oneIn(10) ? json.value() : trade(json, choices));
    }
    if (choices.oneIn(250) && !trades.isEmpty()) {
      String all = String.join(",", trades);
      return all.length() > 10_000 ? "[" + all + "]" : "[" + (all + ",").repeat(300) + all + "]";
    }
    return "[" + String.join(",", trades) + "]";
  }

  private static String trade(JsonMaker json, Choices choices) {
    int odd = choices.oneIn(2) ? choices.below(5) : -1;
    List<String> fields = new ArrayList<>();
    fields.add("\"p\":" + (odd == 0 ? odd(json, choices) : json.plainNumber()));
    fields.add("\"s\":" + (odd == 1 ? odd(json, choices) : "\"B:" + choices.below(9) + "\""));
    fields.add(
        "\"t\":" + (odd == 2 ? odd(json, choices) : "170000000" + choices.between(1_000, 9_999)));
    fields.add("\"v\":" + (odd == 3 ? odd(json, choices) : json.plainNumber()));
    fields.add(
        "\"c\":" + (odd == 4 ? odd(json, choices) : choices.of("null", "[]", "[\"1\",\"12\"]")));
    if (choices.oneIn(12)) {
      fields.add("\"" + choices.of("p", "x", "\\u0073", "") + "\":" + json.value());
    }
    if (choices.oneIn(12)) {
      fields.remove(choices.below(fields.size()));
    }
    return json.object(fields);
  }

  private static String odd(JsonMaker json, Choices choices) {
    return switch (choices.below(3)) {
      case 0 -> json.number();
      case 1 -> json.string();
      default -> json.value();
    };
  }
}
