package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.function.Consumer;
import org.ratehouse.connect.websocket.FeedOutput.Place;

/** Gives what comes in on one connection its identity, holds it to the contract, and counts it. */
final class ConnectionIntake {

  private final long connectionId;
  private final TradeContract contract;
  private final Redaction redaction;
  private final Consumer<FeedOutput> outputs;
  private long frames;
  private long trades;
  private long refused;
  private long refusedFrames;

  ConnectionIntake(
      long connectionId,
      TradeContract contract,
      Redaction redaction,
      Consumer<FeedOutput> outputs) {
    this.connectionId = connectionId;
    this.contract = contract;
    this.redaction = redaction;
    this.outputs = outputs;
  }

  /** The next frame; what follows stands in it. */
  void frame() {
    frames++;
  }

  void trades(List<VenueTrade> read, long receivedAt) {
    int position = 0;
    for (VenueTrade trade : read) {
      trade(trade, position++, receivedAt);
    }
  }

  private void trade(VenueTrade trade, int position, long receivedAt) {
    long sequence = trades + refused + 1;
    try {
      TradeContract.Checked checked = contract.check(trade, receivedAt);
      outputs.accept(
          new FeedOutput.Trade(
              trade.symbol(),
              checked.price(),
              checked.volume(),
              checked.eventTime(),
              receivedAt,
              place(),
              sequence,
              position,
              trade.venueTradeId(),
              trade.conditions()));
      trades++;
    } catch (ContractBreach breach) {
      outputs.accept(
          new FeedOutput.Refused(
              place(),
              sequence,
              position,
              receivedAt,
              breach.reason(),
              redaction.reason(breach.getMessage()),
              redaction.payload(trade.text())));
      refused++;
    }
  }

  void refuseFrame(String detail, String payload, long receivedAt) {
    outputs.accept(
        new FeedOutput.Refused(
            place(),
            null,
            null,
            receivedAt,
            RefusalReason.BAD_FRAME,
            redaction.reason(detail),
            redaction.payload(payload)));
    refusedFrames++;
  }

  private Place place() {
    return new Place(connectionId, frames);
  }

  Counts counts() {
    return new Counts(frames, trades, refused, refusedFrames);
  }
}
