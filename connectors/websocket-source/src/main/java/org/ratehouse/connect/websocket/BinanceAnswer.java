package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * Binance's answer to a request: {@code {"result":null, "id":id}} when it took it, else {@code
 * {"code":code, "msg":reason}}, with the id or without, also within {@code "error"}.
 */
final class BinanceAnswer {

  private boolean result;
  private boolean taken;
  private boolean refused;
  private String message;
  private String id;

  /** Takes a field that belongs to an answer; false when it does not. */
  boolean take(String field, JsonParser json) throws IOException {
    switch (field) {
      case "result" -> {
        result = true;
        taken = json.currentToken() == JsonToken.VALUE_NULL;
        json.skipChildren();
      }
      case "id" -> id = VenueJson.number(json);
      case "code" -> {
        refused = true;
        json.skipChildren();
      }
      case "msg" -> message = VenueJson.string(json);
      case "error" -> error(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void error(JsonParser json) throws IOException {
    refused = true;
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("msg")) {
        message = VenueJson.string(json);
      } else {
        json.skipChildren();
      }
    }
  }

  boolean isThere() {
    return result || refused;
  }

  VenueFrame frame() {
    long number = TradeIds.parse(id);
    if (refused) {
      return new VenueFrame.Refused(
          List.of(), message == null ? "no message" : message, request(number));
    }
    if (!taken || number == TradeIds.NONE) {
      return new VenueFrame.Unreadable("The answer is not to a request of ours.");
    }
    // That of a request to unsubscribe shows nothing to be live.
    return number % 2 == 1
        ? new VenueFrame.Acknowledged(request(number))
        : new VenueFrame.Heartbeat();
  }

  /** The ids of subscriptions are 1, 3, 5 ... */
  private static int request(long number) {
    if (number == TradeIds.NONE) {
      return VenueFrame.ANY;
    }
    return number % 2 == 1 && number <= Integer.MAX_VALUE ? (int) (number / 2) : VenueFrame.OTHER;
  }
}
