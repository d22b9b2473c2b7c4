package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * One event of a Binance stream: a trade {@code {"e":"trade", "E":time of sending, "s":symbol,
 * "t":id, "p":"price", "q":"quantity", "T":time of the trade, "m":buyer is the maker}}, or the
 * notice that the server is about to shut down. Times are epoch milliseconds, for no other unit is
 * asked for in the address.
 *
 * <p>A trade's time is T, when it was made. E is when the server got to send it: by E a trade that
 * was sent late would fall into a later minute than the one it was made in.
 */
final class BinanceEvent {

  /** Written as the trade's condition, for the contract has no field for who was the maker. */
  private static final List<String> BUYER_IS_MAKER = List.of("buyer_is_maker");

  private final int start;
  private String type;
  private String symbol;
  private String id;
  private String price;
  private String quantity;
  private String time;
  private List<String> conditions = List.of();

  /**
   * @param start where in the frame it begins
   */
  BinanceEvent(int start) {
    this.start = start;
  }

  /** The parser stands on the object's start and is left on its end. */
  static VenueFrame read(JsonParser json, String text) throws IOException {
    BinanceEvent event = new BinanceEvent(VenueJson.start(json));
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      event.take(field, json);
    }
    return event.frame(json, text);
  }

  /** The parser stands on the field's value and is left on its end. */
  void take(String field, JsonParser json) throws IOException {
    switch (field) {
      case "e" -> type = VenueJson.string(json);
      case "s" -> symbol = VenueJson.string(json);
      case "t" -> id = VenueJson.number(json);
      case "p" -> price = VenueJson.quotedNumber(json);
      case "q" -> quantity = VenueJson.quotedNumber(json);
      case "T" -> time = VenueJson.number(json);
      case "m" ->
          conditions = json.currentToken() == JsonToken.VALUE_TRUE ? BUYER_IS_MAKER : conditions;
      default -> json.skipChildren();
    }
    json.skipChildren();
  }

  boolean isThere() {
    return type != null;
  }

  /** What it says; the parser stands on its end. */
  VenueFrame frame(JsonParser json, String text) {
    if (type == null) {
      return new VenueFrame.Unreadable("The message is neither an event nor an answer.");
    }
    return switch (type) {
      case "trade" ->
          new VenueFrame.Trades(
              List.of(
                  new VenueTrade(
                      symbol,
                      price,
                      quantity,
                      time,
                      conditions,
                      id,
                      VenueJson.since(start, json, text))));
      case "serverShutdown" -> new VenueFrame.ShuttingDown("the server is about to shut down");
      default -> new VenueFrame.Unreadable("The event is not trade or serverShutdown: " + type);
    };
  }
}
