package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinnhubVenueTest {

  private final Venue venue = new FinnhubVenue();

  private List<VenueTrade> trades(String frame) {
    return assertInstanceOf(VenueFrame.Trades.class, venue.read(frame)).trades();
  }

  @ParameterizedTest
  @CsvSource({
    "wss://ws.finnhub.io,abc,wss://ws.finnhub.io/?token=abc",
    "ws://host:1/path,a&b=c,ws://host:1/path?token=a%26b%3Dc",
    "ws://host:1/,'',ws://host:1/"
  })
  void theTokenGoesIntoTheQuery(String url, String token, String address) {
    assertEquals(address, venue.address(URI.create(url), token).toString());
  }

  @Test
  void eachSymbolIsSubscribedToWhateverItsCharacters() {
    assertEquals(
        List.of(
            "{\"type\":\"subscribe\",\"symbol\":\"BINANCE:BTCUSDT\"}",
            "{\"type\":\"subscribe\",\"symbol\":\"a\\\"b\\\\c\"}"),
        venue.subscriptions(List.of("BINANCE:BTCUSDT", "a\"b\\c")));
  }

  @Test
  void aTradeIsReadAsItIsWritten() {
    String trade =
        "{\"c\":[\"1\",\"12\"],\"p\":7296.8900,\"s\":\"BINANCE:BTCUSDT\",\"t\":1575526691134,"
            + "\"v\":0.011467}";
    List<VenueTrade> trades = trades("{\"data\":[" + trade + "],\"type\":\"trade\"}");

    assertEquals(
        List.of(
            new VenueTrade(
                "BINANCE:BTCUSDT",
                "7296.8900",
                "0.011467",
                "1575526691134",
                List.of("1", "12"),
                null,
                trade)),
        trades);
  }

  @Test
  void theTextOfEachTradeIsItsOwnAlsoInALongFrame() {
    StringBuilder frame = new StringBuilder("{ \"type\" : \"trade\", \"data\" : [ ");
    for (int i = 0; i < 5_000; i++) {
      frame.append(i == 0 ? "" : " , ").append("{ \"s\" : \"é").append(i).append("\" }");
    }
    List<VenueTrade> trades = trades(frame.append(" ] }").toString());

    assertEquals(5_000, trades.size());
    for (int i = 0; i < 5_000; i++) {
      assertEquals("{ \"s\" : \"é" + i + "\" }", trades.get(i).text());
    }
  }

  @Test
  void whatIsNoTradeSpoilsItsOwnPlaceOnly() {
    List<VenueTrade> trades =
        trades("{\"type\":\"trade\",\"data\":[5,\"x\",null,[1,{}],{\"s\":\"A\"}]}");

    assertEquals(
        List.of("5", "\"x\"", "null", "[1,{}]", "{\"s\":\"A\"}"),
        trades.stream().map(VenueTrade::text).toList());
    assertEquals("A", trades.get(4).symbol());
  }

  @Test
  void aNumberInQuotesIsNotTakenForANumber() {
    VenueTrade trade =
        trades("{\"type\":\"trade\",\"data\":[{\"p\":\"1.5\",\"v\":{\"a\":1},\"t\":null,\"s\":7}]}")
            .get(0);

    assertEquals("\"1.5\"", trade.price());
    assertEquals("{...}", trade.volume());
    assertNull(trade.eventTime());
    assertNull(trade.symbol());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"null|true", "[]|true", "[\"a\"]|true", "5|false", "[1]|false", "[null]|false"})
  void conditionsAreAnArrayOfStringsOrNone(String conditions, boolean readable) {
    VenueTrade trade = trades("{\"type\":\"trade\",\"data\":[{\"c\":" + conditions + "}]}").get(0);

    assertEquals(readable, trade.conditions() != null);
  }

  @Test
  void otherMessagesAreKnown() {
    assertEquals(new VenueFrame.Heartbeat(), venue.read("{\"type\":\"ping\"}"));
    assertEquals(
        new VenueFrame.Refused(List.of(), "Invalid symbol", VenueFrame.ANY),
        venue.read("{\"type\":\"error\",\"msg\":\"Invalid symbol\"}"));
    assertEquals(List.of(), trades("{\"type\":\"trade\",\"data\":[]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "[]",
        "{}",
        "5",
        "{\"type\":\"news\",\"data\":[]}",
        "{\"type\":7}",
        "{\"type\":\"trade\"}",
        "{\"type\":\"ping\",\"data\":[{\"s\":\"A\"}]}",
        "{\"type\":\"trade\",\"data\":null}",
        "{\"type\":\"trade\",\"data\":{}}",
        "{\"type\":\"trade\",\"data\":[{\"p\":1}",
        "{\"type\":\"trade\",\"data\":[{\"p\":NaN}]}",
        "{\"type\":\"trade\",\"data\":[{\"p\":1,\"p\":2}]}",
        "{\"type\":\"trade\",\"data\":[]} {}",
        "{\"type\":\"trade\",\"data\":[]} x"
      })
  void whatIsNoMessageIsUnreadable(String frame) {
    assertInstanceOf(VenueFrame.Unreadable.class, venue.read(frame));
  }

  @Test
  void aHostileFrameIsUnreadableAndHarmless() {
    String nested = "{\"type\":\"trade\",\"data\":" + "[".repeat(100_000);
    String digits = "{\"type\":\"trade\",\"data\":[{\"p\":" + "9".repeat(100_000) + "}]}";

    assertInstanceOf(VenueFrame.Unreadable.class, venue.read(nested));
    assertInstanceOf(VenueFrame.Unreadable.class, venue.read(digits));
  }
}
