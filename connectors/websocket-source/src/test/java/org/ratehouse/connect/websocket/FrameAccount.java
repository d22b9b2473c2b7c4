package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.ratehouse.connect.websocket.FeedOutput.Place;
import org.ratehouse.connect.websocket.FeedOutput.Refused;
import org.ratehouse.connect.websocket.FeedOutput.Trade;
import org.ratehouse.connect.websocket.VenueOracle.Item;
import org.ratehouse.connect.websocket.VenueOracle.Meaning;

/**
 * Puts frames through a state and holds what comes of each against the venue's oracle: every frame
 * is counted, and everything in it is written once, exactly, or refused with what it was.
 */
final class FrameAccount {

  private static final long LAST_TIME = 253_402_300_799_999L;
  private static final int PAYLOAD = 32_768;
  private static final int PLAIN = 64;

  private final VenueOracle oracle;
  private final FeedOptions options;
  private final FeedDriver feed;
  private long frames;
  private long sequence;
  private long badFrames;
  private long written;

  FrameAccount(VenueOracle oracle, String... options) {
    this.oracle = oracle;
    this.options = TestOptions.options(options);
    this.feed = new FeedDriver(options).open();
  }

  /** Takes in a text frame; throws AssertionError when it is not accounted for. */
  FrameAccount frame(String text) {
    int before = feed.history.size();
    feed.frame(text);
    frames++;
    List<FeedOutput> outputs = since(before);
    account(oracle.meaning(text), text, outputs);
    return counted();
  }

  private void account(Meaning meaning, String text, List<FeedOutput> outputs) {
    if (meaning instanceof Meaning.BadOr unsure) {
      account(isBadFrame(outputs) ? new Meaning.Bad() : unsure.meaning(), text, outputs);
    } else if (meaning instanceof Meaning.Trades trades) {
      assertEquals(trades.items().size(), outputs.size(), () -> text);
      for (int position = 0; position < outputs.size(); position++) {
        item(trades.items().get(position), outputs.get(position), position);
      }
    } else if (meaning instanceof Meaning.Control) {
      assertEquals(List.of(), outputs, () -> text);
    } else {
      badFrame(outputs, text);
    }
  }

  /** Takes in a binary frame, which is always refused. */
  FrameAccount binary(String base64) {
    int before = feed.history.size();
    feed.binary(base64);
    frames++;
    List<FeedOutput> outputs = since(before);
    badFrame(outputs, base64);
    return counted();
  }

  /** All that came out so far, as records that a converter can write. */
  void records() {
    RecordCheck.check(new FeedRecords(options).of(feed.history, feed.state.offset()));
  }

  List<FeedOutput> outputs() {
    return feed.history;
  }

  List<String> complaints() {
    return feed.state.takeComplaints();
  }

  private List<FeedOutput> since(int before) {
    return feed.history.subList(before, feed.history.size()).stream()
        .filter(output -> !(output instanceof FeedOutput.Event))
        .toList();
  }

  private FrameAccount counted() {
    Counts counts = feed.state.offset().counts();
    assertEquals(new Counts(frames, written, sequence - written, badFrames), counts);
    return this;
  }

  private static boolean isBadFrame(List<FeedOutput> outputs) {
    return outputs.size() == 1
        && outputs.get(0) instanceof Refused refused
        && refused.reason() == RefusalReason.BAD_FRAME;
  }

  private void badFrame(List<FeedOutput> outputs, String text) {
    assertEquals(1, outputs.size(), () -> text);
    Refused refused = (Refused) outputs.get(0);
    assertEquals(RefusalReason.BAD_FRAME, refused.reason());
    assertNull(refused.sequence());
    assertNull(refused.position());
    assertEquals(frames, refused.place().frame());
    payload(text, refused.payload());
    badFrames++;
  }

  private void item(Item item, FeedOutput output, int position) {
    Place place = new Place(feed.state.connectionId(), frames);
    sequence++;
    if (output instanceof Trade trade) {
      assertTrue(mayBeWritten(item), () -> "Written, though it breaks the contract: " + item);
      assertEquals(place, trade.place());
      assertEquals(sequence, trade.sequence());
      assertEquals(position, trade.position());
      assertEquals(item.symbol(), trade.symbol());
      assertEquals(unscaled(item.price()), trade.price().unscaledValue());
      assertEquals(unscaled(item.volume()), trade.volume().unscaledValue());
      assertEquals(OracleNumber.of(item.time()).whole(), trade.eventTime());
      assertEquals(item.conditions(), trade.conditions());
      assertEquals(item.tradeId(), trade.venueTradeId());
      written++;
    } else {
      Refused refused = (Refused) output;
      assertTrue(!mustBeWritten(item), () -> "Refused as " + refused + ", though fine: " + item);
      assertEquals(place, refused.place());
      assertEquals(sequence, refused.sequence());
      assertEquals(position, refused.position());
      assertNotNull(refused.reason());
      payload(item.source(), refused.payload());
    }
  }

  private static BigInteger unscaled(String number) {
    return OracleNumber.of(number).unscaled();
  }

  /** What is refused is kept as it was, but for a secret in it and what is too long. */
  private static void payload(String source, String payload) {
    if (!Secrets.isIn(source) && !Secrets.isInBinary(source)) {
      assertEquals(source.substring(0, Math.min(source.length(), payload.length())), payload);
      assertTrue(payload.length() >= Math.min(source.length(), PAYLOAD - 1), "cut too early");
    }
  }

  private boolean mayBeWritten(Item item) {
    if (item.symbol() == null || item.symbol().isBlank() || item.conditions() == null) {
      return false;
    }
    if (item.price() == null || item.volume() == null || item.time() == null) {
      return false;
    }
    OracleNumber price = OracleNumber.of(item.price());
    OracleNumber volume = OracleNumber.of(item.volume());
    long time = OracleNumber.of(item.time()).whole();
    long tolerance = options.timeToleranceMs();
    return price.fits(10)
        && !price.isZero()
        && !price.negative()
        && volume.fits(11)
        && (volume.isZero() || !volume.negative())
        && time > 0
        && time <= LAST_TIME
        && (tolerance < 0 || Math.abs(time - feed.wall) <= tolerance);
  }

  /** Strange but harmless things may be refused; plain ones may not. */
  private boolean mustBeWritten(Item item) {
    return mayBeWritten(item)
        && isPlain(item.symbol())
        && item.conditions().size() < 16
        && item.conditions().stream().allMatch(FrameAccount::isPlain)
        && isPlain(item.price())
        && isPlain(item.volume())
        && isPlain(item.time());
  }

  private static boolean isPlain(String text) {
    return text.length() <= PLAIN
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f)
        && !text.matches(".*[eE][+-]?\\d{4,}")
        && !Secrets.isIn(text);
  }
}
