package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedOutput.EventKind.CONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.COUNTS;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.DISCONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.GAP;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.STALLED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;

import java.util.ArrayList;
import java.util.List;
import org.ratehouse.connect.websocket.FeedOutput.EventKind;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * All that a feed remembers, over its connections: who is connected, what was counted, and what is
 * missing. Does no I/O and reads no clock; whoever drives it takes the output and the offset after
 * the same signal, so that the two always agree.
 */
final class FeedState {

  private final FeedOptions options;
  private final TradeContract contract;
  private final Redaction redaction;
  private final GapTracker gaps;
  private List<FeedOutput> outputs = new ArrayList<>();
  private List<String> complaints = new ArrayList<>();

  private long connectionId;
  private Counts closedCounts = Counts.NONE;
  private ConnectionIntake intake;
  private String gapReason;
  private Long lastFrameAt;
  private long countsAt;
  private long tradesAt;
  private boolean tradesFlowed;
  private boolean stalled;

  FeedState(FeedOptions options) {
    this.options = options;
    this.contract = new TradeContract(options.timeToleranceMs());
    this.redaction = new Redaction(options.token().value());
    this.gaps = new GapTracker(options.gapPaddingMs());
  }

  /** Takes up a feed that ran before; closes the connection that its end left open. */
  void resume(FeedOffset offset, Moment now) {
    connectionId = offset.connectionId();
    closedCounts = offset.counts();
    lastFrameAt = offset.lastFrameAt();
    gaps.resume(offset.liveAsOf(), offset.gapFrom());
    gapReason = "task restarted";
    if (!offset.closed()) {
      gaps.closed();
      event(DISCONNECTED, now.wallMillis(), gapReason, List.of(), null, true);
    }
  }

  void accept(FeedSignal signal, Moment now) {
    if (signal instanceof FeedSignal.Opened opened) {
      opened(opened, now);
    } else if (signal instanceof FeedSignal.Frame frame) {
      frame(frame, now);
    } else if (signal instanceof FeedSignal.BinaryFrame frame) {
      nextFrame(frame.receivedAtMillis());
      intake.refuseFrame(
          "The frame is binary; the payload is its Base64.",
          frame.base64(),
          frame.receivedAtMillis());
    } else if (signal instanceof FeedSignal.Pong pong) {
      live(pong.receivedAtMillis());
      gaps.pong(pong.sentAtMillis());
    } else if (signal instanceof FeedSignal.Closed closed) {
      closed(closed);
    }
  }

  private void opened(FeedSignal.Opened opened, Moment now) {
    // Grows also when the clock jumps back, and a thousand connections fit into a millisecond.
    connectionId = Math.max(now.wallMillis() * 1000, connectionId + 1000);
    intake = new ConnectionIntake(connectionId, contract, redaction, output -> outputs.add(output));
    gaps.opened(opened.subscribedAtMillis());
    countsAt = now.steadyMillis();
    tradesAt = now.steadyMillis();
    tradesFlowed = false;
    stalled = false;
    event(CONNECTED, opened.subscribedAtMillis(), null, List.of(), null, false);
  }

  private void frame(FeedSignal.Frame frame, Moment now) {
    long receivedAt = frame.receivedAtMillis();
    nextFrame(receivedAt);
    VenueFrame read = options.venue().read(frame.text());
    if (read instanceof VenueFrame.Trades trades && !trades.trades().isEmpty()) {
      // By the steady clock of taking in, not of receiving: while Kafka was away, frames waited.
      tradesAt = now.steadyMillis();
      tradesFlowed = true;
      live(receivedAt);
      intake.trades(trades.trades(), receivedAt);
    } else if (read instanceof VenueFrame.Unreadable unreadable) {
      intake.refuseFrame(unreadable.detail(), frame.text(), receivedAt);
    } else if (read instanceof VenueFrame.Refused refusal) {
      complaints.add(redaction.reason(refusal.message()));
    }
  }

  private void nextFrame(long receivedAt) {
    lastFrameAt = receivedAt;
    intake.frame();
  }

  private void live(long atMillis) {
    if (gaps.isLive()) {
      return;
    }
    Gap gap = gaps.live(atMillis).orElse(null);
    event(SUBSCRIBED, atMillis, null, options.symbols(), null, false);
    if (gap != null) {
      event(GAP, atMillis, gapReason, options.symbols(), gap, false);
    }
    gapReason = null;
  }

  private void closed(FeedSignal.Closed closed) {
    if (gapReason == null) {
      gapReason = closed.reason();
    }
    closedCounts = intake.counts();
    intake = null;
    gaps.closed();
    event(DISCONNECTED, closed.atMillis(), closed.reason(), List.of(), null, true);
  }

  /** Writes the counts when they are due, also when nothing flows. */
  void tick(Moment now) {
    if (intake != null && now.steadyMillis() - countsAt >= options.countsIntervalMs()) {
      countsAt = now.steadyMillis();
      event(COUNTS, now.wallMillis(), null, List.of(), null, false);
    }
  }

  /** The watchdog. Only when no signal waits to be taken in, or a stall would be imagined. */
  void watch(Moment now) {
    long watchdogMs = options.watchdogMs();
    boolean late = watchdogMs > 0 && now.steadyMillis() - tradesAt >= watchdogMs;
    if (intake != null && late && !stalled) {
      stalled = true;
      event(STALLED, now.wallMillis(), stallReason(), List.of(), null, false);
    }
  }

  private void event(
      EventKind kind, long at, String reason, List<String> symbols, Gap gap, boolean closed) {
    outputs.add(
        new FeedOutput.Event(connectionId, kind, at, reason, symbols, gap, counts(), closed));
  }

  private Counts counts() {
    return intake == null ? closedCounts : intake.counts();
  }

  /** The connection is open, and the watchdog wants it to be ended. */
  boolean isStalled() {
    return stalled && intake != null;
  }

  String stallReason() {
    return "no trade for " + options.watchdogMs() + " ms";
  }

  /** The connection, or the last one when there is none, has brought a trade. */
  boolean tradesFlowed() {
    return tradesFlowed;
  }

  long connectionId() {
    return connectionId;
  }

  int waiting() {
    return outputs.size();
  }

  List<FeedOutput> takeOutputs() {
    List<FeedOutput> taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }

  /** What the venue complained about, for the log. */
  List<String> takeComplaints() {
    List<String> taken = complaints;
    complaints = new ArrayList<>();
    return taken;
  }

  FeedOffset offset() {
    return new FeedOffset(
        connectionId, counts(), gaps.liveAsOf(), gaps.pendingFrom(), intake == null, lastFrameAt);
  }
}
