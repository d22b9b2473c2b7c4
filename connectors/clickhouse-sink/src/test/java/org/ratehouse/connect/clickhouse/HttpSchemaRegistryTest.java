package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratehouse.connect.clickhouse.Refusal.Reason;

class HttpSchemaRegistryTest {
  private final RegistryServer server = new RegistryServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_schema_is_found_by_its_id_and_as_the_newest_of_its_subject() {
    server.register("my%2Ftopic-value", 7, Contracts.avro("candles-1m").toString());
    assertEquals(Contracts.avro("candles-1m"), registry(Map.of()).byId(7).orElseThrow());
    var latest = registry(Map.of()).latest("my/topic-value").orElseThrow();
    assertEquals(new SchemaRegistry.Registered(7, Contracts.avro("candles-1m")), latest);
  }

  @Test
  void what_the_registry_does_not_know_is_empty() {
    assertEquals(Optional.empty(), registry(Map.of()).byId(7));
    assertEquals(Optional.empty(), registry(Map.of()).latest("candles-1m-value"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"error\": \"Not Found\"}"})
  void a_wrong_address_is_not_a_registry_that_knows_no_schema(String body) {
    server.answer("/schemas/ids/7", 404, body);
    var refusal = assertThrows(Refusal.class, () -> registry(Map.of()).byId(7));
    assertEquals(Reason.REGISTRY_FAILED, refusal.reason());
    assertTrue(refusal.getMessage().contains("registry.url"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void an_answer_that_may_change_is_asked_for_again(int status) {
    server.answer("/schemas/ids/7", status, "{}");
    var later = assertThrows(RetriableException.class, () -> registry(Map.of()).byId(7));
    assertTrue(later.getMessage().contains(Integer.toString(status)), later.getMessage());
  }

  @Test
  void a_registry_that_is_not_there_or_is_a_page_is_asked_again() {
    server.answer("/schemas/ids/7", 200, "<html>");
    assertThrows(RetriableException.class, () -> registry(Map.of()).byId(7));
    server.close();
    assertThrows(RetriableException.class, () -> registry(Map.of()).byId(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void a_refused_password_stops_the_task_and_is_not_told(int status) {
    server.answer("/schemas/ids/7", status, "{}");
    var options = Map.of("registry.username", "reader", "registry.password", "hunter2");
    var refusal = assertThrows(Refusal.class, () -> registry(options).byId(7));
    assertEquals(Reason.REGISTRY_FAILED, refusal.reason());
    assertFalse(refusal.toString().contains("hunter2"), refusal.toString());
    // reader:hunter2
    assertEquals(List.of("Basic cmVhZGVyOmh1bnRlcjI="), server.authorizations());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"schema\": \"{}\", \"schemaType\": \"JSON\"} | JSON",
        "{\"schema\": \"\\\"int\\\"\", \"references\": [{\"name\": \"x\"}]} | refers",
        "{\"schema\": \"{\\\"type\\\": \\\"nothing\\\"}\"} | schema 7",
        "{\"schema\": \"{\\\"type\\\": \\\"record\\\", \\\"name\\\": \\\"R\\\"}\"} | fields",
        "{\"other\": 1} | schema 7"
      })
  void a_schema_that_cannot_be_read_is_refused_with_the_reason(String body, String named) {
    server.answer("/schemas/ids/7", 200, body);
    var refusal = assertThrows(Refusal.class, () -> registry(Map.of()).byId(7));
    assertEquals(Reason.SCHEMA_UNREADABLE, refusal.reason());
    assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
  }

  private HttpSchemaRegistry registry(Map<String, String> more) {
    Map<String, String> options = Fixtures.avroOptions(server.url());
    options.putAll(more);
    return new HttpSchemaRegistry(new ClickHouseSinkConfig(options));
  }
}
