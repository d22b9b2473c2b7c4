package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.RefusalReason.BAD_ID;
import static org.ratehouse.connect.websocket.RefusalReason.BAD_PRICE;
import static org.ratehouse.connect.websocket.RefusalReason.BAD_TIME;
import static org.ratehouse.connect.websocket.RefusalReason.BAD_VOLUME;
import static org.ratehouse.connect.websocket.RefusalReason.MISSING_FIELD;
import static org.ratehouse.connect.websocket.RefusalReason.PRICE_DIGITS;
import static org.ratehouse.connect.websocket.RefusalReason.TIME_FAR_OFF;
import static org.ratehouse.connect.websocket.RefusalReason.VOLUME_DIGITS;

import java.math.BigDecimal;

/** What a trade must fulfil to be written to the topic of trades; the same for every venue. */
final class TradeContract {

  /** 9999-12-31T23:59:59.999Z: the last moment that every engine behind the topic can hold. */
  private static final long LAST_TIME = 253_402_300_799_999L;

  private final long timeToleranceMs;
  private final boolean numbered;

  /**
   * @param timeToleranceMs how far event_time may be from received_at; negative for any distance
   * @param numbered the venue numbers its trades, so one without a number cannot be accounted for
   */
  TradeContract(long timeToleranceMs, boolean numbered) {
    this.timeToleranceMs = timeToleranceMs;
    this.numbered = numbered;
  }

  /** The numbers of a trade that fulfils the contract. */
  record Checked(BigDecimal price, BigDecimal volume, long eventTime) {}

  Checked check(VenueTrade trade, long receivedAt) throws ContractBreach {
    TradeTexts.checkSymbol(present("symbol", trade.symbol()));
    String priceText = present("price", trade.price());
    String volumeText = present("volume", trade.volume());
    String timeText = present("time", trade.eventTime());
    if (numbered && TradeIds.parse(trade.venueTradeId()) == TradeIds.NONE) {
      throw new ContractBreach(
          BAD_ID,
          "The trade id must be a whole number of at most 18 digits, not "
              + (trade.venueTradeId() == null ? "missing" : DecimalText.quote(trade.venueTradeId()))
              + ".");
    }
    TradeTexts.checkConditions(trade.conditions());
    BigDecimal price = DecimalText.PRICE.parse(priceText, BAD_PRICE, PRICE_DIGITS);
    if (price.signum() <= 0) {
      throw new ContractBreach(BAD_PRICE, "The price must be above 0, not " + price + ".");
    }
    BigDecimal volume = DecimalText.VOLUME.parse(volumeText, BAD_VOLUME, VOLUME_DIGITS);
    if (volume.signum() < 0) {
      throw new ContractBreach(BAD_VOLUME, "The volume must be 0 or above, not " + volume + ".");
    }
    return new Checked(price, volume, time(timeText, receivedAt));
  }

  private static String present(String field, String value) throws ContractBreach {
    if (value == null) {
      throw new ContractBreach(MISSING_FIELD, "The " + field + " is missing.");
    }
    return value;
  }

  private long time(String text, long receivedAt) throws ContractBreach {
    long time = DecimalText.wholeNumber(text, LAST_TIME);
    if (time <= 0) {
      throw new ContractBreach(
          BAD_TIME,
          "The time must be whole milliseconds since 1970, not " + DecimalText.quote(text) + ".");
    }
    if (timeToleranceMs >= 0 && Math.abs(time - receivedAt) > timeToleranceMs) {
      throw new ContractBreach(
          TIME_FAR_OFF,
          "The time %d is more than %d ms from %d, when the trade was received."
              .formatted(time, timeToleranceMs, receivedAt));
    }
    return time;
  }
}
