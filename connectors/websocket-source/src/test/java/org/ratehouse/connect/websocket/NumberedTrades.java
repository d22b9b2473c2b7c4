package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.java_websocket.WebSocket;

/**
 * A Binance of one symbol: every trade has the next id and goes to all who have subscribed by then.
 */
final class NumberedTrades implements AutoCloseable {

  private final List<WebSocket> subscribed = new CopyOnWriteArrayList<>();
  private final Thread trading = new Thread(this::trade, "numbered-trades");
  private volatile boolean over;
  private volatile Consumer<WebSocket> whenTheSecond = first -> {};

  NumberedTrades(VenueServer venue) {
    venue.whenReceived((client, message) -> subscribe(client));
    trading.setDaemon(true);
  }

  void begin() {
    trading.start();
  }

  static String[] options(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("feed.venue", "binance", "feed.token", "", "feed.symbols", "A"));
    options.addAll(List.of("ping.interval.ms", "20"));
    return options.toArray(String[]::new);
  }

  /** Given is the first one, once the second has its answer. */
  void whenTheSecondSubscribes(Consumer<WebSocket> action) {
    whenTheSecond = action;
  }

  private synchronized void subscribe(WebSocket client) {
    subscribed.add(client);
    client.send(BinanceFrames.ACKNOWLEDGED);
    if (subscribed.size() == 2) {
      whenTheSecond.accept(subscribed.get(0));
    }
  }

  private void trade() {
    for (long id = 1; !over; id++) {
      tell(BinanceFrames.trade("A", id));
      // About a thousand a second, so that some fall into every moment of a hand-over.
      LockSupport.parkNanos(1_000_000);
    }
  }

  private synchronized void tell(String trade) {
    for (WebSocket client : subscribed) {
      if (client.isOpen()) {
        client.send(trade);
      }
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
