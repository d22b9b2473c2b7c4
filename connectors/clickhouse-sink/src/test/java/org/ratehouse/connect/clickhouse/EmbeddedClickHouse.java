package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The real engine as a process of this machine, started by the stack's own launcher. */
final class EmbeddedClickHouse implements AutoCloseable {
  private static final String LIBRARY = "RATEHOUSE_CHDB_LIB";
  private static final String USER = "ratehouse";
  private static final String PASSWORD = "open sesame";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory;
  private final int httpPort = freePort();
  private final int tcpPort = freePort();
  private Process process;

  EmbeddedClickHouse(Path directory) {
    this.directory = directory;
  }

  void start() throws Exception {
    Path config = directory.resolve("clickhouse.xml");
    Path stack = Contracts.ROOT.resolve("stack");
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(PASSWORD.getBytes(StandardCharsets.UTF_8));
    String template = Files.readString(stack.resolve("templates/clickhouse.xml"));
    Files.writeString(
        config, template.replace("${PASSWORD_SHA256}", HexFormat.of().formatHex(digest)));
    process =
        new ProcessBuilder(
                System.getenv().getOrDefault("RATEHOUSE_PYTHON", "python3"),
                stack.resolve("launchers/clickhouse.py").toString(),
                "--lib=" + library(),
                "--data=" + directory.resolve("data"),
                "--config=" + config,
                "--http-port=" + httpPort,
                "--tcp-port=" + tcpPort)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("clickhouse.log").toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "ClickHouse did not start: " + Files.readString(directory.resolve("clickhouse.log")));
      }
      Thread.sleep(100);
    }
  }

  /** SIGKILL, with no time to write anything more. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Runs one of the files that the stream's start runs. */
  void runFile(String name) throws Exception {
    String sql = Files.readString(Contracts.ROOT.resolve("tasks/sql/clickhouse").resolve(name));
    for (String statement : sql.split(";")) {
      if (!statement.isBlank()) {
        query(statement);
      }
    }
  }

  /** The answer as tab-separated lines. */
  String query(String sql) throws Exception {
    String credentials =
        Base64.getEncoder()
            .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/"))
            .header("Authorization", "Basic " + credentials)
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body());
    }
    return response.body().strip();
  }

  String url() {
    return "http://127.0.0.1:" + httpPort;
  }

  Map<String, String> options() {
    Map<String, String> options = new HashMap<>(Fixtures.options());
    options.put("clickhouse.url", url());
    options.put("clickhouse.username", USER);
    options.put("clickhouse.password", PASSWORD);
    return options;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private boolean answers() throws InterruptedException {
    try {
      query("SELECT 1");
      return true;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException stop) {
      throw stop;
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static String library() {
    String path = System.getProperty(LIBRARY, System.getenv(LIBRARY));
    if (path == null || path.isBlank()) {
      throw new IllegalStateException(
          LIBRARY
              + " must name libchdb.so (npm package @chdb/lib-linux-x64-gnu), as a system property"
              + " or in the environment; -DexcludedGroups=engine leaves these tests out");
    }
    return path;
  }

  /** Below the ports that the kernel gives to connections. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another draw.
      }
    }
  }
}
