package org.ratehouse.connect.websocket;

import java.util.List;
import org.ratehouse.connect.websocket.FeedOutput.Place;

/** Gives what comes in on one connection its identity, holds it to the contract, and counts it. */
final class ConnectionIntake {

  /** Where it goes. */
  interface Sink {

    void output(FeedOutput output);

    /** The connection before this one brought the trade. */
    boolean isRepeated(String symbol, long id);

    /** A trade of the symbol comes in, refused or not; id is NONE where it has none. */
    void traded(String symbol, long id, long receivedAt);

    /** A trade or frame breaks the contract. False when the feed must not go on after it. */
    boolean refused(FeedOutput.Refused refused);
  }

  private final long connectionId;
  private final TradeContract contract;
  private final VenueFields venueFields;
  private final Redaction redaction;
  private final boolean numbered;
  private final Sink sink;
  private long frames;
  private long trades;
  private long refused;
  private long refusedFrames;

  /**
   * @param numbered the venue numbers its trades
   */
  ConnectionIntake(
      long connectionId,
      TradeContract contract,
      VenueFields venueFields,
      Redaction redaction,
      boolean numbered,
      Sink sink) {
    this.connectionId = connectionId;
    this.contract = contract;
    this.venueFields = venueFields;
    this.redaction = redaction;
    this.numbered = numbered;
    this.sink = sink;
  }

  /** The next frame; what follows stands in it. */
  void frame() {
    frames++;
  }

  void trades(List<VenueTrade> read, long receivedAt) {
    Place place = place();
    int position = 0;
    for (VenueTrade trade : read) {
      if (trade != VenueTrade.LEFT_OUT
          && takeNote(trade, receivedAt)
          && !trade(trade, place, position, receivedAt)) {
        return;
      }
      position++;
    }
  }

  /** False when the trade is one that came already. */
  private boolean takeNote(VenueTrade trade, long receivedAt) {
    String symbol = trade.symbol();
    if (symbol == null) {
      return true;
    }
    long id = numbered ? TradeIds.parse(trade.venueTradeId()) : TradeIds.NONE;
    if (id != TradeIds.NONE && sink.isRepeated(symbol, id)) {
      return false;
    }
    sink.traded(symbol, id, receivedAt);
    return true;
  }

  /** False when the feed must not go on. */
  private boolean trade(VenueTrade trade, Place place, int position, long receivedAt) {
    long sequence = trades + refused + 1;
    try {
      TradeContract.Checked checked = contract.check(trade, receivedAt);
      List<String> fields = venueFields.in(trade.text());
      refuseSecret(trade, fields);
      sink.output(
          new FeedOutput.Trade(
              trade.symbol(),
              checked.price(),
              checked.volume(),
              checked.eventTime(),
              receivedAt,
              place,
              sequence,
              position,
              trade.venueTradeId(),
              trade.conditions(),
              fields));
      trades++;
      return true;
    } catch (ContractBreach breach) {
      boolean goesOn =
          sink.refused(
              new FeedOutput.Refused(
                  place,
                  sequence,
                  position,
                  receivedAt,
                  breach.reason(),
                  redaction.reason(breach.getMessage()),
                  redaction.payload(trade.text())));
      refused += goesOn ? 1 : 0;
      return goesOn;
    }
  }

  /** A symbol, a condition or a field is written as it is or not at all: it cannot be redacted. */
  private void refuseSecret(VenueTrade trade, List<String> fields) throws ContractBreach {
    boolean secret = redaction.isIn(trade.symbol());
    for (String condition : trade.conditions()) {
      secret |= redaction.isIn(condition);
    }
    for (String field : fields) {
      secret |= field != null && redaction.isIn(field);
    }
    if (secret) {
      throw new ContractBreach(
          RefusalReason.HOLDS_SECRET, "The symbol, a condition or a field holds the feed's token.");
    }
  }

  void refuseFrame(String detail, String payload, long receivedAt) {
    boolean goesOn =
        sink.refused(
            new FeedOutput.Refused(
                place(),
                null,
                null,
                receivedAt,
                RefusalReason.BAD_FRAME,
                redaction.reason(detail),
                redaction.payload(payload)));
    refusedFrames += goesOn ? 1 : 0;
  }

  private Place place() {
    return new Place(connectionId, frames);
  }

  Counts counts() {
    return new Counts(frames, trades, refused, refusedFrames);
  }
}
