package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;

/** What venues that speak JSON share: one object a frame, read once from front to back. */
final class VenueJson {

  /** A field that is there twice has no one value, so such a frame is refused, not guessed at. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private VenueJson() {}

  /** Reads one message: the parser stands on the object's start and is left on its end. */
  interface Message {
    VenueFrame read(JsonParser json) throws IOException;
  }

  /** Never throws: what is not one JSON object is {@link VenueFrame.Unreadable}. */
  static VenueFrame read(String text, Message message) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return new VenueFrame.Unreadable("The frame is not a JSON object.");
      }
      VenueFrame frame = message.read(json);
      return json.nextToken() == null
          ? frame
          : new VenueFrame.Unreadable("The frame goes on after its JSON object.");
    } catch (JsonProcessingException e) {
      return new VenueFrame.Unreadable("The frame is not JSON" + place(e.getLocation()));
    } catch (IOException e) {
      return new VenueFrame.Unreadable("The frame cannot be read.");
    }
  }

  /**
   * Where, but not what: the parser quotes a part of the frame, which may be a part of a secret.
   */
  private static String place(JsonLocation location) {
    return location == null ? "." : " from character " + location.getCharOffset() + " on.";
  }

  /** A text's value; null, with the parser past it, when it is anything else. */
  static String string(JsonParser json) throws IOException {
    String value = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
    json.skipChildren();
    return value;
  }

  /** The number as it is written. A string keeps its quotes, so that it is not taken for one. */
  static String number(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token.isStructStart()) {
      json.skipChildren();
      return token == JsonToken.START_OBJECT ? "{...}" : "[...]";
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    return token == JsonToken.VALUE_STRING ? '"' + json.getText() + '"' : json.getText();
  }

  /** The number in a text. One that stands there without quotes is not what was promised. */
  static String quotedNumber(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    String other = number(json);
    return other == null ? null : "without quotes: " + other;
  }

  /** Where in the frame's text the current value begins. */
  static int start(JsonParser json) {
    return (int) json.currentTokenLocation().getCharOffset();
  }

  /** The frame's text from there to the end of the current value. */
  static String since(int start, JsonParser json, String text) {
    return text.substring(start, (int) json.currentLocation().getCharOffset());
  }

  /** The text in quotes. */
  static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
