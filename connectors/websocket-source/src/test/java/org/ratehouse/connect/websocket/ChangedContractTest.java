package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema.Parser;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** A contract that is older or newer than the plugin. */
class ChangedContractTest {

  private static final String PRICE_TEXT =
      "{\"name\": \"test_text\", \"type\": [\"null\", \"string\"], \"default\": null}";
  private static final String LABEL =
      "{\"name\": \"label\", \"type\": \"string\", \"default\": \"none\"}";

  private static String trades() throws IOException {
    return Files.readString(Path.of("../../contracts/trades.avsc")).replaceAll("\\s+", " ");
  }

  /** In front, so that a field which is written by its position would be another. */
  private static String tradesWith(String... fields) throws IOException {
    String first = "\"fields\": [";
    return trades().replace(first, first + String.join(", ", fields) + ", ");
  }

  private static List<Struct> written(FeedDriver feed, String... options) {
    return new FeedRecords(TestOptions.options(options))
        .of(feed.history, feed.state.offset()).stream()
            .map(record -> (Struct) record.value())
            .filter(value -> value.schema().name().equals("ratehouse.Trade"))
            .toList();
  }

  private static String refusal(String... options) {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> new WebSocketSourceConnector().start(TestOptions.properties(options)));
    return refused.getMessage();
  }

  @Test
  void aRecordHasTheFieldsOfTheContractInItsOrder() throws IOException {
    String contract = tradesWith(PRICE_TEXT, LABEL);
    String[] options = {"topic.trades.contract", contract};

    Struct trade = written(new FeedDriver(options).open().trades("1.50"), options).get(0);

    assertEquals(
        new Parser().parse(contract).getFields().stream().map(field -> field.name()).toList(),
        trade.schema().fields().stream().map(Field::name).toList());
    trade.validate();
    assertNull(trade.get("test_text"), "nobody fills it");
    assertEquals("none", trade.get("label"));
    assertEquals("1.50000000", trade.get("price").toString());
  }

  @Test
  void aFieldThatTheContractHasNoLongerIsNotWritten() throws IOException {
    String contract = trades().replaceAll(", \\{ \"name\": \"venue_trade_id\"[^}]*}", "");
    String[] options = {"topic.trades.contract", contract};

    Struct trade = written(new FeedDriver(options).open().trades("1"), options).get(0);

    assertNull(trade.schema().field("venue_trade_id"));
    assertEquals(List.of(), trade.get("conditions"));
  }

  @Test
  void aFieldOfTheVenueIsKeptInItsVeryDigits() throws IOException {
    String[] options = {
      "topic.trades.contract", tradesWith(PRICE_TEXT), "trades.fields", "test_text = p"
    };

    List<Struct> trades =
        written(new FeedDriver(options).open().trades("1.50", "2e1", "3"), options);

    assertEquals(
        List.of("1.50", "2e1", "3"), trades.stream().map(t -> t.get("test_text")).toList());
  }

  @Test
  void whatAVenueHasNotOrHasAsAnObjectIsNull() throws ContractBreach {
    VenueFields fields = VenueFields.of(List.of("a=x", "b=y", "c=z", "d=m", "e=n"));

    assertEquals(
        Arrays.asList("1", null, null, "true", null),
        fields.in("{\"z\": [1], \"x\": 1, \"w\": {\"y\": 2}, \"m\": true, \"n\": null}"));
  }

  @Test
  void aFieldWithTheTokenOrTooLongIsRefusedWithItsTrade() throws IOException {
    String[] options = {
      "topic.trades.contract", tradesWith(PRICE_TEXT), "trades.fields", "test_text=note"
    };
    FeedDriver feed = new FeedDriver(options).open();
    for (String note : List.of(TestOptions.TOKEN, "x".repeat(5_000), "\\ud800", "fine")) {
      feed.frame(
          "{\"data\":[{\"s\":\"A\",\"p\":1,\"t\":1700000000000,\"v\":1,\"note\":\"%s\"}],\"type\":\"trade\"}"
              .formatted(note));
    }

    assertEquals(
        List.of(RefusalReason.HOLDS_SECRET, RefusalReason.BAD_FIELD, RefusalReason.BAD_FIELD),
        feed.refused().stream().map(FeedOutput.Refused::reason).toList());
    assertFalse(feed.refused().toString().contains(TestOptions.TOKEN));
    assertEquals(List.of("fine"), feed.trades().get(0).venueFields());
  }

  @Test
  void aContractThatCannotBeFilledIsRefusedWithItsFields() throws IOException {
    String contract =
        tradesWith("{\"name\": \"needed\", \"type\": \"long\"}")
            .replace("\"scale\": 8", "\"scale\": 4")
            .replaceAll("\\{ \"name\": \"feed\"[^}]*}, ", "");

    String message = refusal("topic.trades.contract", contract);

    assertTrue(message.contains("topic.trades.contract"), message);
    assertTrue(message.contains("it has no field feed"), message);
    assertTrue(message.contains("its field price is of another type"), message);
    assertTrue(message.contains("no value for its field needed"), message);
  }

  @Test
  void textThatIsNoContractIsRefused() {
    for (String text : List.of("{", "[]", "\"string\"", "{\"type\": \"enum\"}", "{} {}")) {
      assertTrue(refusal("topic.dlq.contract", text).contains("topic.dlq.contract"), text);
    }
  }

  @Test
  void fieldsThatTheContractHasNoPlaceForAreRefused() throws IOException {
    for (String entry : List.of("test_text=p", "price=p", "venue_trade_id=i", "p", "=p", "x=")) {
      String message = refusal("trades.fields", entry);
      assertTrue(message.contains("trades.fields"), message);
    }
    assertTrue(
        refusal("topic.trades.contract", tradesWith(LABEL), "trades.fields", "label=p")
            .contains("must be an optional string"));
  }
}
