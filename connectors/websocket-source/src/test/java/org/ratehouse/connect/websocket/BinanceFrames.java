package org.ratehouse.connect.websocket;

import java.util.Locale;

/** Binance's messages, as far as tests of two connections need them. */
final class BinanceFrames {

  static final String ACKNOWLEDGED = "{\"result\":null,\"id\":1}";

  private BinanceFrames() {}

  /** A trade whose price is its id, so that what comes out can be told apart. */
  static String trade(String symbol, long id) {
    return ("{\"stream\":\"%s@trade\",\"data\":{\"e\":\"trade\",\"E\":1700000000001,\"s\":\"%s\","
            + "\"t\":%d,\"p\":\"%d.0\",\"q\":\"1.0\",\"T\":1700000000000,\"m\":true,\"M\":true}}")
        .formatted(symbol.toLowerCase(Locale.ROOT), symbol, id, id);
  }
}
