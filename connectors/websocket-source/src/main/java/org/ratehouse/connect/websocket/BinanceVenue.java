package org.ratehouse.connect.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Binance's spot market data: the trade streams of
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, combined on one
 * connection. They need no token.
 */
final class BinanceVenue implements Venue {

  /** Streams of one connection, as documented. */
  private static final int MOST_STREAMS = 1024;

  /** In one message: with the ping, two of these stay below the five messages a second allowed. */
  private static final int STREAMS_A_MESSAGE = 512;

  /** A connection lives for 24 hours. */
  private static final Duration LIFE = Duration.ofHours(23);

  @Override
  public URI address(URI url, String token) {
    boolean bare = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
    return bare ? url.resolve("/stream") : url;
  }

  @Override
  public List<String> hosts() {
    return List.of(
        "data-stream.binance.vision", "stream.binance.com", "stream.testnet.binance.vision");
  }

  @Override
  public int maxSymbols() {
    return MOST_STREAMS;
  }

  /** A trade names its symbol in capitals, and a symbol is known by one spelling only. */
  @Override
  public String problem(String symbol) {
    boolean spelled = symbol.equals(symbol.toUpperCase(Locale.ROOT));
    return spelled && symbol.codePoints().allMatch(Character::isLetterOrDigit)
        ? null
        : "Binance's symbols are spelled like BTCUSDT, not like " + symbol + ".";
  }

  @Override
  public List<String> subscriptions(List<String> symbols) {
    return requests("SUBSCRIBE", symbols);
  }

  @Override
  public List<String> unsubscriptions(List<String> symbols) {
    return requests("UNSUBSCRIBE", symbols);
  }

  /** A stream that counts as subscribed to is not begun anew, so it is ended first. */
  @Override
  public List<String> resubscriptions(List<String> symbols) {
    List<String> messages = new ArrayList<>(unsubscriptions(symbols));
    messages.addAll(subscriptions(symbols));
    return messages;
  }

  @Override
  public int symbolsAMessage() {
    return STREAMS_A_MESSAGE;
  }

  /** The ids say, when they come back, what was answered: odd ones are of subscriptions. */
  private static List<String> requests(String method, List<String> symbols) {
    List<String> requests = new ArrayList<>();
    int id = method.equals("SUBSCRIBE") ? 1 : 2;
    for (int from = 0; from < symbols.size(); from += STREAMS_A_MESSAGE, id += 2) {
      int to = Math.min(from + STREAMS_A_MESSAGE, symbols.size());
      List<String> streams =
          symbols.subList(from, to).stream()
              .map(symbol -> VenueJson.quote(symbol.toLowerCase(Locale.ROOT) + "@trade"))
              .toList();
      requests.add(
          "{\"method\":\"%s\",\"params\":[%s],\"id\":%d}"
              .formatted(method, String.join(",", streams), id));
    }
    return requests;
  }

  @Override
  public boolean acknowledges() {
    return true;
  }

  @Override
  public boolean numbersTrades() {
    return true;
  }

  @Override
  public long lifeMs() {
    return LIFE.toMillis();
  }

  @Override
  public VenueFrame read(String text) {
    return VenueJson.read(text, json -> readMessage(json, text));
  }

  /** An event of a combined stream, one of a raw stream, or the answer to a request. */
  private static VenueFrame readMessage(JsonParser json, String text) throws IOException {
    BinanceEvent raw = new BinanceEvent(VenueJson.start(json));
    VenueFrame event = null;
    BinanceAnswer answer = new BinanceAnswer();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("data") && value == JsonToken.START_OBJECT) {
        event = BinanceEvent.read(json, text);
      } else if (!answer.take(field, json)) {
        raw.take(field, json);
      }
    }
    if (event != null && (answer.isThere() || raw.isThere()) || answer.isThere() && raw.isThere()) {
      // Each would be a message of its own; none of them must vanish behind another.
      return new VenueFrame.Unreadable("The message is more than one event or answer.");
    }
    if (event != null) {
      return event;
    }
    return answer.isThere() ? answer.frame() : raw.frame(json, text);
  }
}
