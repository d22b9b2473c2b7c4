package org.ratehouse.connect.clickhouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers over HTTP as a registry does, with what a test gave it. */
final class RegistryServer implements AutoCloseable {
  /**
   * @param status of HTTP
   */
  record Answer(int status, String body) {}

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> authorizations = new ArrayList<>();
  private final HttpServer server;

  RegistryServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  RegistryServer answer(String path, int status, String body) {
    answers.put(path, new Answer(status, body));
    return this;
  }

  RegistryServer register(String subject, int id, String schema) {
    ObjectNode reply = new ObjectMapper().createObjectNode().put("schema", schema);
    answer("/schemas/ids/" + id, 200, reply.toString());
    return answer("/subjects/" + subject + "/versions/latest", 200, reply.put("id", id).toString());
  }

  List<String> authorizations() {
    return authorizations;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "" : authorization);
    String path = exchange.getRequestURI().getRawPath();
    Answer answer = answers.getOrDefault(path, new Answer(404, "{\"error_code\":40403}"));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
