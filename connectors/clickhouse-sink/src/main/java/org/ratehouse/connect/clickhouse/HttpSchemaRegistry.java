package org.ratehouse.connect.clickhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.RetriableException;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

/** A registry that answers as Confluent's does. */
final class HttpSchemaRegistry implements SchemaRegistry {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  /** No subject, no version, no schema. */
  private static final Set<Integer> NOTHING_THERE = Set.of(40_401, 40_402, 40_403);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client;
  private final String url;
  private final Duration timeout;
  private final Optional<String> credentials;

  HttpSchemaRegistry(ClickHouseSinkConfig config) {
    url = config.getString(SinkOptions.REGISTRY_URL).replaceAll("/+$", "");
    timeout = Duration.ofMillis(config.getInt(SinkOptions.REGISTRY_TIMEOUT));
    credentials =
        credentials(
            config.getString(SinkOptions.REGISTRY_USERNAME),
            config.getPassword(SinkOptions.REGISTRY_PASSWORD));
    client = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  @Override
  public Optional<Schema> byId(int id) {
    // What an id means is not asked of a subject: ids are the registry's own.
    return ask("/schemas/ids/" + id).map(reply -> schema("schema " + id, reply));
  }

  @Override
  public Optional<Registered> latest(String subject) {
    String path = URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    return ask("/subjects/" + path + "/versions/latest")
        .map(
            reply -> new Registered(reply.path("id").asInt(), schema("subject " + subject, reply)));
  }

  private Optional<JsonNode> ask(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(timeout)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    credentials.ifPresent(basic -> request.header("Authorization", basic));
    try {
      HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
      return switch (reply.statusCode()) {
        case OK -> Optional.of(json.readTree(reply.body()));
        case NOT_FOUND -> notFound(path, reply.body());
        case UNAUTHORIZED, FORBIDDEN ->
            throw failed(
                "answered %d to %s; check %s and %s",
                reply.statusCode(),
                path,
                SinkOptions.REGISTRY_USERNAME,
                SinkOptions.REGISTRY_PASSWORD);
        default ->
            throw new RetriableException(
                "the registry answered " + reply.statusCode() + " to " + path + "; asked again");
      };
    } catch (JsonProcessingException proxy) {
      throw new RetriableException("the registry's answer to " + path + " is no JSON", proxy);
    } catch (IOException away) {
      throw new RetriableException("the registry did not answer " + path + ": " + away, away);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while the registry was asked", stop);
    }
  }

  /**
   * Empty when a registry says so. Any server says 404 at a wrong address, and every record would
   * have an unknown schema then.
   */
  private Optional<JsonNode> notFound(String path, String body) {
    int code = 0;
    try {
      code = json.readTree(body).path("error_code").asInt();
    } catch (JsonProcessingException page) {
      // Falls through: no registry answers so.
    }
    if (!NOTHING_THERE.contains(code)) {
      throw failed("answered 404 to %s, not as one does; check %s", path, SinkOptions.REGISTRY_URL);
    }
    return Optional.empty();
  }

  private static Refusal failed(String what, Object... values) {
    return new Refusal(
        Reason.REGISTRY_FAILED, "the schema registry " + String.format(what, values));
  }

  private static Schema schema(String what, JsonNode reply) {
    String type = reply.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw unreadable(what, "it is " + type + ", wanted Avro", null);
    }
    if (!reply.path("references").isEmpty()) {
      throw unreadable(what, "it refers to schemas of other subjects; register it whole", null);
    }
    try {
      return new Schema.Parser().parse(reply.path("schema").asText());
    } catch (AvroRuntimeException | NullPointerException fault) {
      // The second is what Avro's parser has to say of a name that stands for nothing.
      throw unreadable(what, fault.getMessage(), fault);
    }
  }

  private static Refusal unreadable(String what, String why, RuntimeException fault) {
    return new Refusal(
        Reason.SCHEMA_UNREADABLE,
        String.format("%s of the registry cannot be read: %s", what, why),
        fault);
  }

  private static Optional<String> credentials(String username, Password password) {
    if (username.isEmpty()) {
      return Optional.empty();
    }
    byte[] pair = (username + ":" + password.value()).getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
  }
}
