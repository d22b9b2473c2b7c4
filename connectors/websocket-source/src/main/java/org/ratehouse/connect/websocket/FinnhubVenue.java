package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finnhub's protocol, as described at https://finnhub.io/docs/api/websocket-trades. */
final class FinnhubVenue implements Venue {

  /** A field that is there twice has no one value, so such a frame is refused, not guessed at. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @Override
  public URI address(URI url, String token) {
    String base = url.getRawPath().isEmpty() ? url + "/" : url.toString();
    return URI.create(
        token.isEmpty()
            ? base
            : base + "?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
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
    String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(symbol));
    return "{\"type\":\"" + type + "\",\"symbol\":\"" + quoted + "\"}";
  }

  @Override
  public VenueFrame read(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return new VenueFrame.Unreadable("The frame is not a JSON object.");
      }
      VenueFrame frame = readMessage(json, text);
      return json.nextToken() == null
          ? frame
          : new VenueFrame.Unreadable("The frame goes on after its JSON object.");
    } catch (JsonProcessingException e) {
      return new VenueFrame.Unreadable("The frame is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return new VenueFrame.Unreadable("The frame cannot be read: " + e.getMessage());
    }
  }

  /** Finnhub writes data before type, so all fields are read before it is known what they mean. */
  private static VenueFrame readMessage(JsonParser json, String text) throws IOException {
    String type = null;
    String message = null;
    List<VenueTrade> data = null;
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

  private static VenueFrame meaning(String type, String message, List<VenueTrade> data) {
    if (type == null) {
      return new VenueFrame.Unreadable("The message has no type.");
    }
    return switch (type) {
      case "trade" ->
          data == null
              ? new VenueFrame.Unreadable("The data of a trade message is not an array.")
              : new VenueFrame.Trades(data);
      case "ping" -> new VenueFrame.Heartbeat();
      case "error" -> new VenueFrame.Refused(List.of(), message == null ? "no message" : message);
      default -> new VenueFrame.Unreadable("The type is not trade, ping or error: " + type);
    };
  }
}
