package org.ratehouse.connect.websocket;

import java.util.Map;
import java.util.TreeMap;

/** The venues by the name that configuration uses. */
final class Venues {

  private static final Map<String, Venue> BY_NAME =
      new TreeMap<>(Map.of("binance", new BinanceVenue(), "finnhub", new FinnhubVenue()));

  private Venues() {}

  static String[] names() {
    return BY_NAME.keySet().toArray(String[]::new);
  }

  static Venue named(String name) {
    return BY_NAME.get(name);
  }
}
