package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Symbols that a connection is to have.
 *
 * @param since from when on each of them has been wanted, epoch millis, however long it took to ask
 *     a connection for it
 */
record Wanted(List<String> symbols, Map<String, Long> since) {

  /** All of them since one moment. */
  static Wanted at(List<String> symbols, long millis) {
    Map<String, Long> since = new TreeMap<>();
    symbols.forEach(symbol -> since.put(symbol, millis));
    return new Wanted(symbols, since);
  }
}
