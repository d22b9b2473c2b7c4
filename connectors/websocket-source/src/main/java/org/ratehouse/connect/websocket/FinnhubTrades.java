package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the data array of a Finnhub trade message: {@code {"s":symbol, "p":price, "t":epoch
 * milliseconds, "v":volume, "c":[conditions] or null}}. A field of a wrong kind spoils its trade
 * and not the frame, so nothing here fails but JSON itself.
 */
final class FinnhubTrades {

  /**
   * So many elements of a frame that are no trades are refused each by itself, which no honest
   * frame comes near. The largest frame holds two millions, for which no worker has the memory.
   */
  private static final int MOST_BROKEN = 10_000;

  private FinnhubTrades() {}

  /** The parser stands on the array's start and is left on its end. */
  static VenueFrame.Trades read(JsonParser json, String text) throws IOException {
    List<VenueTrade> trades = new ArrayList<>();
    int broken = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      VenueTrade trade = readTrade(json, text);
      broken += trade.isWhole() ? 0 : 1;
      trades.add(trade.isWhole() || broken <= MOST_BROKEN ? trade : VenueTrade.LEFT_OUT);
    }
    return new VenueFrame.Trades(trades, Math.max(0, broken - MOST_BROKEN));
  }

  private static VenueTrade readTrade(JsonParser json, String text) throws IOException {
    int start = VenueJson.start(json);
    String symbol = null;
    String price = null;
    String volume = null;
    String time = null;
    List<String> conditions = List.of();
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "s" -> symbol = VenueJson.string(json);
          case "p" -> price = VenueJson.number(json);
          case "v" -> volume = VenueJson.number(json);
          case "t" -> time = VenueJson.number(json);
          case "c" -> conditions = strings(json);
          default -> json.skipChildren();
        }
      }
    } else {
      json.skipChildren();
      // The text of a string is read late; without this the location would be its start.
      json.finishToken();
    }
    return new VenueTrade(
        symbol, price, volume, time, conditions, null, VenueJson.since(start, json, text));
  }

  private static List<String> strings(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return null;
    }
    List<String> strings = new ArrayList<>();
    boolean allStrings = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      allStrings &= json.currentToken() == JsonToken.VALUE_STRING;
      strings.add(VenueJson.string(json));
    }
    return allStrings ? strings : null;
  }
}
