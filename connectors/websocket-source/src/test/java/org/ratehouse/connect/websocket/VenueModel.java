package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A venue that remembers every trade it made. Time is the world's, milliseconds from 0; a trade's
 * price is its number among its symbol's, so each is known by symbol and price.
 */
abstract class VenueModel {

  /** A trade that was made, whether a link carried it or not. */
  record Made(String symbol, long number, long at) {}

  final List<Made> made = new ArrayList<>();
  private final Map<String, Long> numbers = new HashMap<>();

  static VenueModel of(boolean binance) {
    return binance ? new Binance() : new Finnhub();
  }

  /** The options that a feed of this venue needs. */
  abstract String name();

  /** The frames that carry these trades, at least one. */
  abstract List<String> frames(List<Made> trades);

  /** A frame with one trade that breaks the contract. */
  abstract String badTrade(String symbol);

  /** A trade that the venue did not make, with an id far too high; null where there are no ids. */
  String bogusTrade(String symbol) {
    return null;
  }

  /** The answer to a request, null where there is none. */
  abstract String answer(boolean subscription);

  Made make(String symbol, long at) {
    Made trade = new Made(symbol, numbers.merge(symbol, 1L, Long::sum), at);
    made.add(trade);
    return trade;
  }

  private static final class Finnhub extends VenueModel {

    @Override
    String name() {
      return "finnhub";
    }

    @Override
    List<String> frames(List<Made> trades) {
      List<String> data = new ArrayList<>();
      for (Made trade : trades) {
        data.add(
            "{\"c\":null,\"p\":%d,\"s\":\"%s\",\"t\":1,\"v\":1}"
                .formatted(trade.number(), trade.symbol()));
      }
      return List.of("{\"data\":[" + String.join(",", data) + "],\"type\":\"trade\"}");
    }

    @Override
    String badTrade(String symbol) {
      return "{\"data\":[{\"p\":-1,\"s\":\"" + symbol + "\",\"t\":1,\"v\":1}],\"type\":\"trade\"}";
    }

    @Override
    String answer(boolean subscription) {
      return null;
    }
  }

  private static final class Binance extends VenueModel {

    private long bogus = 1_000_000;

    @Override
    String name() {
      return "binance";
    }

    @Override
    List<String> frames(List<Made> trades) {
      return trades.stream()
          .map(trade -> event(trade.symbol(), Long.toString(trade.number()), trade.number()))
          .toList();
    }

    private static String event(String symbol, String id, long price) {
      return "{\"stream\":\"x\",\"data\":{\"e\":\"trade\",\"s\":\"%s\",\"t\":%s,\"p\":\"%d\",\"q\":\"1\",\"T\":1}}"
          .formatted(symbol, id, price);
    }

    @Override
    String badTrade(String symbol) {
      return event(symbol, "null", 1);
    }

    @Override
    String bogusTrade(String symbol) {
      bogus++;
      return event(symbol, Long.toString(bogus), bogus);
    }

    @Override
    String answer(boolean subscription) {
      return "{\"result\":null,\"id\":" + (subscription ? 1 : 2) + "}";
    }
  }
}
