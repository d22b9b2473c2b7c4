package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;

/** Makes Binance's frames: right ones, ones of wrong values, and damaged ones. */
final class BinanceFrameMaker implements FrameMaker {

  @Override
  public String make(Choices choices) {
    JsonMaker json = new JsonMaker(choices);
    String event = choices.oneIn(12) ? json.value() : event(json, choices);
    return switch (choices.below(8)) {
      case 5 -> event;
      case 6 -> answer(json, choices);
      case 7 -> json.object(List.of("\"data\":" + event, field(json, choices), "\"stream\":\"x\""));
      default -> json.object(List.of("\"stream\":\"btcusdt@trade\"", "\"data\":" + event));
    };
  }

  private static String answer(JsonMaker json, Choices choices) {
    List<String> fields = new ArrayList<>();
    for (int count = choices.between(1, 3); count > 0; count--) {
      fields.add(field(json, choices));
    }
    return json.object(fields);
  }

  private static String field(JsonMaker json, Choices choices) {
    return switch (choices.below(7)) {
      case 0 -> "\"result\":" + (choices.oneIn(3) ? json.value() : "null");
      case 1 -> "\"id\":" + (choices.oneIn(3) ? json.value() : choices.of("1", "2", "3"));
      case 2 -> "\"code\":" + json.value();
      case 3 -> "\"msg\":" + json.string();
      case 4 -> "\"error\":" + choices.of(json.value(), "{\"code\":2,\"msg\":\"Invalid\"}");
      case 5 -> "\"e\":" + choices.of("\"trade\"", "\"serverShutdown\"", json.value());
      default -> "\"x\":" + json.value();
    };
  }

  private static String event(JsonMaker json, Choices choices) {
    int odd = choices.oneIn(2) ? choices.below(7) : -1;
    List<String> fields = new ArrayList<>();
    String type = choices.oneIn(10) ? "\"serverShutdown\"" : "\"trade\"";
    fields.add("\"e\":" + (odd == 0 ? odd(json, choices) : type));
    fields.add("\"s\":" + (odd == 1 ? odd(json, choices) : "\"BTCUSDT\""));
    fields.add("\"t\":" + (odd == 2 ? odd(json, choices) : choices.between(1, 60_000)));
    fields.add("\"p\":" + (odd == 3 ? odd(json, choices) : quoted(json.plainNumber())));
    fields.add("\"q\":" + (odd == 4 ? odd(json, choices) : quoted(json.plainNumber())));
    fields.add("\"T\":" + (odd == 5 ? odd(json, choices) : "1700000000123"));
    fields.add("\"m\":" + (odd == 6 ? odd(json, choices) : choices.of("true", "false")));
    if (choices.oneIn(12)) {
      fields.add("\"" + choices.of("E", "p", "\\u0070", "") + "\":" + json.value());
    }
    if (choices.oneIn(12)) {
      fields.remove(choices.below(fields.size()));
    }
    return json.object(fields);
  }

  private static String quoted(String number) {
    return '"' + number + '"';
  }

  private static String odd(JsonMaker json, Choices choices) {
    return switch (choices.below(4)) {
      case 0 -> json.number();
      case 1 -> json.string();
      case 2 -> quoted(json.number());
      default -> json.value();
    };
  }
}
