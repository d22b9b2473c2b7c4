package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedContractTest {

  private static final File CONTRACTS = new File("../../contracts");

  @Test
  void aTradeIsWrittenAsTheContractSays() throws IOException {
    assertMatches("trades.avsc", FeedSchemas.TRADE);
  }

  @Test
  void aRefusedTradeIsWrittenAsTheContractSays() throws IOException {
    assertMatches("trades-dlq.avsc", FeedSchemas.REFUSED_TRADE);
  }

  @Test
  void anEventIsWrittenAsTheContractSays() throws IOException {
    assertMatches("feed-events.avsc", FeedSchemas.FEED_EVENT);
  }

  @ParameterizedTest
  @CsvSource({"trades,TRADE", "trades-dlq,REFUSED_TRADE", "feed-events,FEED_EVENT"})
  void aContractFromTheConfigurationIsReadAsTheConnectorsOwn(String contract, String own)
      throws IOException, ReflectiveOperationException {
    String text = Files.readString(CONTRACTS.toPath().resolve(contract + ".avsc"));
    List<org.apache.kafka.connect.data.Field> read = AvroContract.parse(text).fields();
    for (org.apache.kafka.connect.data.Field field :
        ((Schema) FeedSchemas.class.getDeclaredField(own).get(null)).fields()) {
      assertTrue(
          read.stream()
              .anyMatch(
                  each -> each.schema().equals(field.schema()) && each.name().equals(field.name())),
          field::toString);
    }
  }

  private static void assertMatches(String contract, Schema schema) throws IOException {
    org.apache.avro.Schema wanted =
        new org.apache.avro.Schema.Parser().parse(new File(CONTRACTS, contract));
    assertEquals(wanted.getFullName(), schema.name());
    List<String> fields = new ArrayList<>();
    for (Field field : wanted.getFields()) {
      // One with a default may have come since, and is for the configuration to fill.
      if (schema.field(field.name()) != null || !field.hasDefaultValue()) {
        fields.add(describe(field));
      }
    }
    assertEquals(fields, schema.fields().stream().map(FeedContractTest::describe).toList());
  }

  private static String describe(Field field) {
    boolean optional = field.schema().getType() == Type.UNION;
    org.apache.avro.Schema type = optional ? field.schema().getTypes().get(1) : field.schema();
    String fallback = optional || !field.hasDefaultValue() ? "" : " = " + field.defaultVal();
    return field.name() + " " + describe(type) + (optional ? "?" : "") + fallback;
  }

  private static String describe(org.apache.avro.Schema type) {
    if (type.getType() == Type.ARRAY) {
      return "array of " + describe(type.getElementType());
    }
    String logical = type.getProp("logicalType");
    return switch (logical == null ? "" : logical) {
      case "decimal" ->
          "decimal(" + type.getObjectProp("precision") + "," + type.getObjectProp("scale") + ")";
      case "timestamp-millis" -> "timestamp";
      default -> type.getType().getName();
    };
  }

  private static String describe(org.apache.kafka.connect.data.Field field) {
    Schema type = field.schema();
    String fallback = type.defaultValue() == null ? "" : " = " + type.defaultValue();
    return field.name() + " " + describe(type) + (type.isOptional() ? "?" : "") + fallback;
  }

  private static String describe(Schema type) {
    if (Decimal.LOGICAL_NAME.equals(type.name())) {
      Map<String, String> parameters = type.parameters();
      return "decimal("
          + parameters.get("connect.decimal.precision")
          + ","
          + parameters.get(Decimal.SCALE_FIELD)
          + ")";
    }
    if (Timestamp.LOGICAL_NAME.equals(type.name())) {
      return "timestamp";
    }
    return switch (type.type()) {
      case ARRAY -> "array of " + describe(type.valueSchema());
      case INT64 -> "long";
      case INT32 -> "int";
      default -> type.type().getName();
    };
  }
}
