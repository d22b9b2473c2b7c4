package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a value of the topic of symbols: a JSON array of the symbols, in order. */
final class SymbolsRecord {

  private static final JsonFactory JSON = new JsonFactory();

  /** Says what is wrong with a value, as a sentence. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  private SymbolsRecord() {}

  /**
   * The symbols, each once.
   *
   * @param value as it stands in the record; null for one that was deleted
   * @param options of the feed: each of its tasks needs a symbol, and none too many for its venue
   */
  static List<String> read(String value, FeedOptions options) throws Unusable {
    if (value == null) {
      throw new Unusable("It was deleted, which names no symbols.");
    }
    List<String> symbols = parse(value);
    if (symbols.size() < options.taskCount()) {
      throw new Unusable(
          "It names %d symbols for %d tasks, and each needs one."
              .formatted(symbols.size(), options.taskCount()));
    }
    int largest = Shares.largest(symbols, options.taskCount());
    int most = options.venue().maxSymbols();
    if (most > 0 && largest > most) {
      throw new Unusable(
          "It names %d symbols, %d for each connection, but the venue takes %d on one."
              .formatted(symbols.size(), largest, most));
    }
    for (String symbol : symbols) {
      String problem = options.venue().problem(symbol);
      if (problem != null) {
        throw new Unusable(problem);
      }
    }
    return symbols;
  }

  private static List<String> parse(String value) throws Unusable {
    Set<String> symbols = new LinkedHashSet<>();
    try (JsonParser json = JSON.createParser(value)) {
      boolean array = json.nextToken() == JsonToken.START_ARRAY;
      while (array && json.nextToken() == JsonToken.VALUE_STRING && !json.getText().isBlank()) {
        symbols.add(json.getText());
      }
      if (!array || json.currentToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
        throw new Unusable("It is not a JSON array of symbols, none of them blank, and no more.");
      }
      return List.copyOf(symbols);
    } catch (JsonProcessingException e) {
      throw new Unusable("It is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Unusable("It cannot be read: " + e.getMessage());
    }
  }
}
