package org.ratehouse.connect.clickhouse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between the sink and the engine and does to an insert what a crash would. */
final class UnreliableProxy implements AutoCloseable {
  /** What becomes of the next insert; those after it pass. */
  enum Fate {
    PASS,
    /** The engine takes it; the answer is lost. */
    LOSE_THE_ANSWER,
    /** The engine takes the first half of the rows and no more. */
    TAKE_HALF,
    /** It reaches the engine when {@link #release} is called. */
    HOLD
  }

  private static final Set<String> OF_THE_CONNECTION =
      Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");

  private final String engine;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch landed = new CountDownLatch(1);
  private final AtomicInteger inserts = new AtomicInteger();
  private volatile Fate fate = Fate.PASS;

  UnreliableProxy(String engine) {
    this.engine = engine;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void nextInsert(Fate wanted) {
    fate = wanted;
  }

  /** Inserts with rows that were sent, in whole or in part. */
  int inserts() {
    return inserts.get();
  }

  void awaitHeld() throws InterruptedException {
    await(held);
  }

  /** Returns when the engine has answered the insert that was held. */
  void release() throws InterruptedException {
    released.countDown();
    await(landed);
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean insert =
          body.length > 0 && String.valueOf(exchange.getRequestURI().getQuery()).contains("INSERT");
      Fate mine = insert ? fate : Fate.PASS;
      if (insert) {
        fate = Fate.PASS;
        inserts.incrementAndGet();
      }
      switch (mine) {
        case PASS -> answer(exchange, forward(exchange, body));
        case LOSE_THE_ANSWER -> forward(exchange, body);
        case TAKE_HALF -> forward(exchange, Arrays.copyOf(body, body.length / 2));
        case HOLD -> {
          held.countDown();
          await(released);
          forward(exchange, body);
          landed.countDown();
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(engine + exchange.getRequestURI()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(new String(response.body(), StandardCharsets.UTF_8));
    }
    return response;
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nothing came within a minute");
    }
  }
}
