package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;

/** Lists and maps as JSON texts, for Connect allows an offset no value but numbers and texts. */
final class OffsetText {

  private static final JsonFactory JSON = new JsonFactory();

  private OffsetText() {}

  static String ofList(List<String> values) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeArray(values.toArray(String[]::new), 0, values.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  static String ofMap(Map<String, Long> values) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, Long> entry : values.entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  static List<String> list(String name, String text) {
    List<String> values = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      expect(json.nextToken(), JsonToken.START_ARRAY, name, text);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(json.currentToken(), JsonToken.VALUE_STRING, name, text);
        values.add(json.getText());
      }
    } catch (IOException e) {
      throw unreadable(name, text);
    }
    return values;
  }

  static Map<String, Long> map(String name, String text) {
    Map<String, Long> values = new TreeMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT, name, text);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        expect(json.nextToken(), JsonToken.VALUE_NUMBER_INT, name, text);
        values.put(key, json.getLongValue());
      }
    } catch (IOException e) {
      throw unreadable(name, text);
    }
    return values;
  }

  private static void expect(JsonToken found, JsonToken wanted, String name, String text) {
    if (found != wanted) {
      throw unreadable(name, text);
    }
  }

  private static ConnectException unreadable(String name, String text) {
    return new ConnectException(
        "The stored offset's %s is not the JSON that this connector writes: %s."
            .formatted(name, DecimalText.quote(text)));
  }
}
