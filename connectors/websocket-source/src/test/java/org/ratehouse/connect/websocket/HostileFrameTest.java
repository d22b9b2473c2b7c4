package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ratehouse.connect.websocket.FeedOutput.Refused;
import org.ratehouse.connect.websocket.FeedOutput.Trade;

/** Frames that a fuzzer found to do harm, each with what it did. */
class HostileFrameTest {

  private static final String TRADE =
      "{\"s\":\"%s\",\"p\":%s,\"t\":1700000000000,\"v\":1,\"c\":%s}";

  private static Refused onlyRefused(String frame) {
    FeedDriver feed = new FeedDriver().open().frame(frame);
    assertEquals(List.of(), feed.trades());
    assertEquals(1, feed.refused().size());
    return feed.refused().get(0);
  }

  private static Refused onlyRefusedTrade(String symbol, String price, String conditions) {
    String trade = TRADE.formatted(symbol, price, conditions);
    return onlyRefused("{\"data\":[" + trade + "],\"type\":\"trade\"}");
  }

  /** It was a sign of life, and what stood in it was gone. */
  @Test
  void tradesUnderAnotherHeadingDoNotVanish() {
    String trade = TRADE.formatted("A", "1", "null");

    assertEquals(
        RefusalReason.BAD_FRAME,
        onlyRefused("{\"data\":[" + trade + "],\"type\":\"ping\"}").reason());
    assertEquals(
        RefusalReason.BAD_FRAME,
        onlyRefused("{\"type\":\"error\",\"msg\":\"x\",\"data\":[" + trade + "]}").reason());
  }

  /** It was written as a question mark, the same for every such symbol. */
  @Test
  void halfACharacterIsNotWrittenAsAnother() {
    assertEquals(RefusalReason.BAD_SYMBOL, onlyRefusedTrade("A\\ud83d", "1", "null").reason());
    assertEquals(
        RefusalReason.BAD_CONDITIONS, onlyRefusedTrade("A", "1", "[\"\\udc00\"]").reason());
  }

  /** The record was larger than Kafka takes, so the task failed, and would have each time. */
  @Test
  void noTradeIsTooLargeForARecord() {
    String megabytes = "x".repeat(2_000_000);

    assertEquals(RefusalReason.BAD_SYMBOL, onlyRefusedTrade(megabytes, "1", "null").reason());
    assertEquals(
        RefusalReason.BAD_CONDITIONS,
        onlyRefusedTrade("A", "1", "[\"" + megabytes + "\"]").reason());
    assertEquals(
        RefusalReason.BAD_CONDITIONS,
        onlyRefusedTrade("A", "1", "[" + "\"\",".repeat(5_000) + "\"\"]").reason());
  }

  /** It was written out: a symbol is data, which nothing redacts. */
  @Test
  void aTradeWithTheTokenInItIsRefusedWithoutIt() {
    Refused symbol = onlyRefusedTrade("s3cret\\/t0ken", "1", "null");
    Refused condition = onlyRefusedTrade("A", "1", "[\"" + TestOptions.TOKEN + "\"]");

    assertEquals(RefusalReason.HOLDS_SECRET, symbol.reason());
    assertTrue(symbol.payload().contains("\"s\":\"***\""));
    assertEquals(RefusalReason.HOLDS_SECRET, condition.reason());
    assertTrue(condition.payload().contains("[\"***\"]"));
  }

  /** They were taken for numbers: a library reads the digits of every script. */
  @Test
  void digitsOfAnotherScriptAreNoNumber() {
    String frame =
        "{\"e\":\"trade\",\"s\":\"A\",\"t\":1,\"p\":\"\uff11\uff12\",\"q\":\"1\",\"T\":1}";
    FeedDriver feed = new FeedDriver("feed.venue", "binance").open().frame(frame);

    assertEquals(RefusalReason.BAD_PRICE, feed.refused().get(0).reason());
  }

  /** Two million refusals of one frame were more than the worker's memory, each time anew. */
  @Test
  void elementsThatAreNoTradesAreRefusedTogetherWhenTheyAreTooMany() {
    String trade = TRADE.formatted("A", "1", "null");
    String zeros = "0,".repeat(1_000_000);
    FeedDriver feed = new FeedDriver().open();
    feed.frame("{\"data\":[" + zeros + trade + "," + zeros + trade + "],\"type\":\"trade\"}");

    assertEquals(
        List.of(1_000_000, 2_000_001), feed.trades().stream().map(Trade::position).toList());
    assertEquals(List.of(10_001L, 10_002L), feed.trades().stream().map(Trade::sequence).toList());
    assertEquals(new Counts(1, 2, 10_000, 1), feed.state.offset().counts());
    Refused together = feed.refused().get(10_000);
    assertEquals(RefusalReason.BAD_FRAME, together.reason());
    assertTrue(together.detail().startsWith("1990000 more elements"), together.detail());
  }

  @Test
  void whereNoRefusalIsToleratedTheFirstOfManyIsTheReason() {
    FeedState state = new FeedState(TestOptions.intolerant());
    Moment now = new Moment(FeedDriver.START, 0);
    state.accept(new FeedSignal.Opened(FeedDriver.START, List.of("A")), now);
    String frame = "{\"data\":[" + "0,".repeat(20_000) + "0],\"type\":\"trade\"}";
    state.accept(new FeedSignal.Frame(frame, FeedDriver.START), now);

    assertTrue(state.failure().contains("trade 1 (frame 1, position 0)"), state.failure());
  }

  /** The answer was lost behind the trade, and a second trade would have been. */
  @Test
  void aFrameThatIsTwoMessagesIsNotReadAsOne() {
    String trade = "\"e\":\"trade\",\"s\":\"A\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"T\":1";
    FeedDriver feed = new FeedDriver("feed.venue", "binance").open();
    feed.frame("{\"data\":{" + trade + "},\"result\":null,\"id\":1}");
    feed.frame("{\"data\":{" + trade + "}," + trade + "}");

    assertEquals(List.of(), feed.trades());
    assertEquals(2, feed.refused().size());
  }

  /** The detail was cut through the token, so its first half was no longer known for what it is. */
  @Test
  void aLongValueIsNotQuotedInPart() {
    String value = "\"" + "x".repeat(58) + TestOptions.TOKEN + "\"";

    assertEquals(
        "The price is not a number: 72 characters.", onlyRefusedTrade("A", value, "null").detail());
  }

  /** The parser quoted the first word of what it could not read. */
  @Test
  void aFrameThatIsNoJsonIsNotQuotedInPart() {
    Refused refused = onlyRefused(TestOptions.TOKEN);

    assertEquals("***", refused.payload());
    Secrets.assertNoPiece(refused.detail());
  }
}
