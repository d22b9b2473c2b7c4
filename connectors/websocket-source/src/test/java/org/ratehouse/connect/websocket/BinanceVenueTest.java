package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinanceVenueTest {

  private static final String TRADE =
      "{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"t\":12345,\"p\":\"0.00100000\","
          + "\"q\":\"100.5\",\"T\":1672515782130,\"m\":true,\"M\":true}";

  private final Venue venue = new BinanceVenue();

  private VenueTrade trade(String frame) {
    List<VenueTrade> trades = assertInstanceOf(VenueFrame.Trades.class, venue.read(frame)).trades();
    assertEquals(1, trades.size());
    return trades.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "wss://data-stream.binance.vision,wss://data-stream.binance.vision/stream",
    "wss://stream.binance.com:9443/,wss://stream.binance.com:9443/stream",
    "ws://localhost:1/ws,ws://localhost:1/ws"
  })
  void itConnectsToCombinedStreamsUnlessThePathSaysOtherwise(String url, String address) {
    assertEquals(address, venue.address(URI.create(url), "a token is of no use").toString());
  }

  @Test
  void manySymbolsAreSubscribedToInOneMessageByTheirStreams() {
    assertEquals(
        List.of(
            "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\",\"ethusdt@trade\"],\"id\":1}"),
        venue.subscriptions(List.of("BTCUSDT", "ETHUSDT")));
    assertEquals(
        List.of("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":2}"),
        venue.unsubscriptions(List.of("BTCUSDT")));
    assertEquals(List.of(), venue.subscriptions(List.of()));
  }

  @Test
  void allSymbolsThatAConnectionTakesFitIntoAQuarterOfASecondsMessages() {
    List<String> symbols = IntStream.range(0, 1024).mapToObj(i -> "S" + i).toList();
    List<String> messages = venue.subscriptions(symbols);

    assertEquals(venue.maxSymbols(), symbols.size());
    assertEquals(2, messages.size());
    assertTrue(messages.get(0).contains("\"s511@trade\"") && messages.get(0).endsWith(":1}"));
    assertTrue(messages.get(1).contains("\"s512@trade\"") && messages.get(1).endsWith(":3}"));
  }

  @ParameterizedTest
  @CsvSource({"BTCUSDT,true", "1INCHUSDT,true", "币安人生USDT,true", "btcusdt,false", "BTC@X,false"})
  void aSymbolIsSpelledAsItsTradesNameIt(String symbol, boolean good) {
    assertEquals(good, venue.problem(symbol) == null, venue.problem(symbol));
  }

  @Test
  void aTradeIsReadAsItIsWrittenWithTheTimeItWasMade() {
    VenueTrade wanted =
        new VenueTrade(
            "BNBBTC",
            "0.00100000",
            "100.5",
            "1672515782130",
            List.of("buyer_is_maker"),
            "12345",
            TRADE);

    assertEquals(wanted, trade("{\"stream\":\"bnbbtc@trade\",\"data\":" + TRADE + "}"));
    assertEquals(wanted, trade(TRADE), "as a raw stream sends it");
  }

  @Test
  void aTradeOfWhichTheSellerWasTheMakerHasNoCondition() {
    assertEquals(List.of(), trade(TRADE.replace("\"m\":true", "\"m\":false")).conditions());
  }

  @Test
  void whatIsNotOfItsKindIsLeftToTheContract() {
    VenueTrade trade =
        trade(
            "{\"data\":{\"e\":\"trade\",\"s\":7,\"t\":\"7\",\"p\":0.5,\"q\":{\"a\":[1]},"
                + "\"T\":null,\"m\":[true],\"x\":{\"p\":\"1\"}}}");

    assertNull(trade.symbol());
    assertEquals("\"7\"", trade.venueTradeId());
    assertEquals("without quotes: 0.5", trade.price());
    assertEquals("without quotes: {...}", trade.volume());
    assertNull(trade.eventTime());
  }

  @Test
  void theServersNoticeOfItsEndIsKnown() {
    String notice = "{\"e\":\"serverShutdown\",\"E\":1770123456789}";

    assertInstanceOf(VenueFrame.ShuttingDown.class, venue.read(notice));
    assertInstanceOf(
        VenueFrame.ShuttingDown.class,
        venue.read("{\"stream\":\"!serverShutdown\",\"data\":" + notice + "}"));
  }

  @Test
  void onlyTheAnswerToASubscriptionAcknowledgesIt() {
    assertEquals(new VenueFrame.Acknowledged(0), venue.read("{\"result\":null,\"id\":1}"));
    assertEquals(new VenueFrame.Acknowledged(1), venue.read("{\"id\":3,\"result\":null}"));
    assertEquals(new VenueFrame.Heartbeat(), venue.read("{\"result\":null,\"id\":2}"));
  }

  @Test
  void aRefusalTellsWhichMessageItIsTo() {
    String refused = "{\"error\":{\"code\":2,\"msg\":\"no\"},\"id\":%s}";

    assertEquals(new VenueFrame.Refused(List.of(), "no", 2), venue.read(refused.formatted("5")));
    assertEquals(
        new VenueFrame.Refused(List.of(), "no", VenueFrame.OTHER),
        venue.read(refused.formatted("2")));
    assertEquals(
        new VenueFrame.Refused(List.of(), "no", VenueFrame.ANY),
        venue.read(refused.formatted("null")));
  }

  @Test
  void symbolsThatFellSilentAreEndedFirstForAStreamThatIsSubscribedToIsNotBegunAnew() {
    assertEquals(
        List.of(
            "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":2}",
            "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":1}"),
        venue.resubscriptions(List.of("BTCUSDT")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":2,\"msg\":\"Invalid request: too many parameters\"}",
        "{\"code\":2,\"msg\":\"Invalid request: too many parameters\",\"id\":1}",
        "{\"error\":{\"code\":2,\"msg\":\"Invalid request: too many parameters\"},\"id\":1}"
      })
  void aRefusalIsKnownWithItsReason(String frame) {
    assertEquals(
        "Invalid request: too many parameters", ((VenueFrame.Refused) venue.read(frame)).message());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "x",
        "{\"stream\":\"btcusdt@trade\"}",
        "{\"stream\":\"btcusdt@trade\",\"data\":null}",
        "{\"stream\":\"btcusdt@trade\",\"data\":[]}",
        "{\"stream\":\"btcusdt@trade\",\"data\":{}}",
        "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\"}}",
        "{\"data\":{\"e\":\"trade\",\"p\":\"1\",\"p\":\"2\"}}",
        "{\"data\":{\"e\":\"trade\"}} {}",
        "{\"result\":[\"btcusdt@trade\"],\"id\":1}",
        "{\"result\":null}",
        "{\"result\":null,\"id\":\"1\"}",
        "{\"id\":1}",
        "{\"result\":null,\"id\":1,\"data\":{\"e\":\"trade\"}}",
        "{\"e\":\"trade\",\"data\":{\"e\":\"trade\"}}",
        "{\"e\":\"trade\",\"code\":1}"
      })
  void whatIsNoMessageIsUnreadable(String frame) {
    assertInstanceOf(VenueFrame.Unreadable.class, venue.read(frame));
  }

  @Test
  void itsConnectionsAreHandedOverBeforeTheirDayIsOver() {
    assertTrue(venue.lifeMs() > 0 && venue.lifeMs() < 24 * 3_600_000L);
    assertNotNull(Venues.named("binance"));
  }
}
