package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A real connection, whose signals are looked at one by one. */
final class LinkDriver implements AutoCloseable {

  private static final long DEADLINE_MS = 20_000;

  final FeedConnection connection;
  private final Queue<FeedSignal> signals = new ArrayDeque<>();

  private LinkDriver(FeedConnection connection) {
    this.connection = connection;
  }

  static LinkDriver open(String url, String... namesAndValues) {
    String[] options = List.of(namesAndValues).toArray(new String[namesAndValues.length + 2]);
    options[namesAndValues.length] = "feed.url";
    options[namesAndValues.length + 1] = url;
    return open(TestOptions.options(options));
  }

  static LinkDriver open(FeedOptions options) {
    HttpClient client = Tls.client(options.tlsCaFile());
    Wanted wanted = Wanted.at(options.symbols(), 0);
    return new LinkDriver(FeedConnection.open(client, options, wanted, false));
  }

  /** The next signal, which has to be of this kind; pongs come when they please. */
  <S extends FeedSignal> S next(Class<S> kind) throws InterruptedException {
    FeedSignal signal = next();
    while (signal instanceof FeedSignal.Pong && kind != FeedSignal.Pong.class) {
      signal = next();
    }
    return assertInstanceOf(kind, signal);
  }

  private FeedSignal next() throws InterruptedException {
    if (signals.isEmpty()) {
      signals.addAll(connection.take(DEADLINE_MS));
    }
    return signals.poll();
  }

  @Override
  public void close() {
    connection.close();
  }
}
