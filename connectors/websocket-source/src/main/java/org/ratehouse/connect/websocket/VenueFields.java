package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.RefusalReason.BAD_FIELD;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fields of a trade's record that hold what the venue wrote in fields of its own, as text: of a
 * number, its very digits.
 *
 * @param columns in the record
 * @param names in the venue's JSON, in the same order
 */
record VenueFields(List<String> columns, List<String> names) {

  static final VenueFields NONE = new VenueFields(List.of(), List.of());

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST_CHARACTERS = 4_096;

  /**
   * @param entries each {@code column=name}; what is not is left out, and refused elsewhere
   */
  static VenueFields of(List<String> entries) {
    List<String[]> pairs = entries.stream().map(VenueFields::pair).filter(p -> p != null).toList();
    return new VenueFields(
        pairs.stream().map(pair -> pair[0]).toList(), pairs.stream().map(pair -> pair[1]).toList());
  }

  /** Column and name; null when the entry is nothing of the kind. */
  static String[] pair(String entry) {
    String[] pair = entry.split("=", -1);
    boolean whole = pair.length == 2 && !pair[0].isBlank() && !pair[1].isBlank();
    return whole ? new String[] {pair[0].strip(), pair[1].strip()} : null;
  }

  /**
   * The values in the order of the columns; null where the venue has none, or one that is an object
   * or an array.
   *
   * @param trade the trade's own part of the frame, one JSON object
   * @throws ContractBreach when they are no text that Kafka takes
   */
  List<String> in(String trade) throws ContractBreach {
    if (names.isEmpty()) {
      return List.of();
    }
    String[] values = read(trade);
    int characters = 0;
    for (String value : values) {
      characters += value == null ? 0 : value.length();
      if (characters > MOST_CHARACTERS || (value != null && !TradeTexts.isText(value))) {
        throw new ContractBreach(
            BAD_FIELD,
            "The fields %s must be well-formed text of up to %d characters together."
                .formatted(String.join(", ", names), MOST_CHARACTERS));
      }
    }
    return new ArrayList<>(Arrays.asList(values));
  }

  private String[] read(String trade) {
    String[] values = new String[names.size()];
    try (JsonParser json = JSON.createParser(trade)) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          fill(values, name, json.getText());
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      // It was read before, as a part of its frame.
      throw new UncheckedIOException(e);
    }
    return values;
  }

  private void fill(String[] values, String name, String text) {
    for (int i = 0; i < values.length; i++) {
      if (names.get(i).equals(name)) {
        values[i] = text;
      }
    }
  }
}
