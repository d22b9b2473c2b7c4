package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finnhub's protocol, as described at https://finnhub.io/docs/api/websocket-trades. */
final class FinnhubVenue implements Venue {

  @Override
  public URI address(URI url, String token) {
    String base = url.getRawPath().isEmpty() ? url + "/" : url.toString();
    return URI.create(
        token.isEmpty()
            ? base
            : base + "?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
  }

  @Override
  public List<String> hosts() {
    return List.of("ws.finnhub.io");
  }

  @Override
  public List<String> subscriptions(List<String> symbols) {
    return symbols.stream().map(symbol -> request("subscribe", symbol)).toList();
  }

  @Override
  public List<String> unsubscriptions(List<String> symbols) {
    return symbols.stream().map(symbol -> request("unsubscribe", symbol)).toList();
  }

  private static String request(String type, String symbol) {
    return "{\"type\":\"" + type + "\",\"symbol\":" + VenueJson.quote(symbol) + "}";
  }

  @Override
  public VenueFrame read(String text) {
    return VenueJson.read(text, json -> readMessage(json, text));
  }

  /** Finnhub writes data before type, so all fields are read before it is known what they mean. */
  private static VenueFrame readMessage(JsonParser json, String text) throws IOException {
    String type = null;
    String message = null;
    VenueFrame.Trades data = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("type") && value == JsonToken.VALUE_STRING) {
        type = json.getText();
      } else if (field.equals("msg") && value == JsonToken.VALUE_STRING) {
        message = json.getText();
      } else if (field.equals("data") && value == JsonToken.START_ARRAY) {
        data = FinnhubTrades.read(json, text);
      } else {
        json.skipChildren();
      }
    }
    return meaning(type, message, data);
  }

  private static VenueFrame meaning(String type, String message, VenueFrame.Trades data) {
    if (type == null) {
      return new VenueFrame.Unreadable("The message has no type.");
    }
    if (!type.equals("trade") && data != null && !data.trades().isEmpty()) {
      // Whatever it is, its data must not vanish with it.
      return new VenueFrame.Unreadable("The message has data and its type is not trade: " + type);
    }
    return switch (type) {
      case "trade" ->
          data == null
              ? new VenueFrame.Unreadable("The data of a trade message is not an array.")
              : data;
      case "ping" -> new VenueFrame.Heartbeat();
      case "error" ->
          new VenueFrame.Refused(
              List.of(), message == null ? "no message" : message, VenueFrame.ANY);
      default -> new VenueFrame.Unreadable("The type is not trade, ping or error: " + type);
    };
  }
}
