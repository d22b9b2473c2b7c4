package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedOutput.EventKind.CONNECTED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.COUNTS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that a feed remembers, over its connections: who is connected, what was counted, and what is
 * missing. Does no I/O and reads no clock; whoever drives it takes the output and the offset after
 * the same signal, so that the two always agree.
 */
final class FeedState {

  private static final String RESTARTED = "task restarted";
  private static final String TAKEN_OVER = "taken over from another task of the feed";

  private final FeedOptions options;
  private final TradeContract contract;
  private final Redaction redaction;
  private final FeedJournal journal;
  private final Coverage coverage;
  private final HandOverClock handOver;
  private final List<FeedRequest> requests = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private ConnectionIntake intake;
  private Moment now;
  private Long lastFrameAt;
  private FeedSignal.Closed lastClosed;
  private long countsAt;
  private boolean tradesFlowed;
  private String failure;

  FeedState(FeedOptions options) {
    this.options = options;
    this.contract = new TradeContract(options.timeToleranceMs(), options.venue().numbersTrades());
    this.redaction = new Redaction(options.token().value());
    this.journal = new FeedJournal(options.taskIndex());
    this.coverage = new Coverage(options, journal);
    this.handOver = new HandOverClock(options.venue(), options.lifeMs());
  }

  /**
   * The task starts: what a symbol that is new to it trades from now on is missing until it is
   * live, however long a connection takes to come.
   */
  void begin(Moment moment) {
    coverage.wanted(moment);
  }

  /** Takes up a feed that ran before; closes the connection that its end left open. */
  void resume(FeedOffset offset, Moment moment) {
    resume(offset, RESTARTED, moment);
  }

  /** Closes what a task left that is no more. */
  void resume(FeedOffset offset, String reason, Moment moment) {
    journal.resume(offset.connectionId(), offset.counts());
    lastFrameAt = offset.lastFrameAt();
    coverage.resume(offset, options.feedSymbols(), reason, moment);
    if (!offset.closed()) {
      journal.end(moment.wallMillis(), reason);
    }
  }

  /** Takes up what no other task accounts for, by symbol from when on, epoch milliseconds. */
  void takeOver(Map<String, Long> since, Moment moment) {
    coverage.takeOver(since, TAKEN_OVER, moment);
  }

  /** While there is no connection: tells the gaps up to now, of symbols that nobody wants. */
  void nothingWanted(Moment moment) {
    coverage.retire(moment);
  }

  void accept(FeedSignal signal, Moment moment) {
    now = moment;
    if (failure != null) {
      return;
    }
    if (signal instanceof FeedSignal.Opened opened) {
      opened(opened);
    } else if (signal instanceof FeedSignal.Frame frame) {
      coverage.heard(now);
      nextFrame(frame.receivedAtMillis());
      frame(options.venue().read(frame.text()), frame);
    } else if (signal instanceof FeedSignal.BinaryFrame frame) {
      coverage.heard(now);
      nextFrame(frame.receivedAtMillis());
      intake.refuseFrame(
          "The frame is binary; the payload is its Base64.",
          redaction.base64(frame.base64()),
          frame.receivedAtMillis());
    } else if (signal instanceof FeedSignal.Pong pong) {
      coverage.heard(now);
      coverage.pong(pong, now);
    } else if (signal instanceof FeedSignal.SymbolsChanged changed) {
      coverage.changed(changed, now);
    } else if (signal instanceof FeedSignal.Resubscribed again) {
      coverage.resubscribed(again);
    } else if (signal instanceof FeedSignal.Closed closed) {
      closed(closed);
    }
  }

  private void opened(FeedSignal.Opened opened) {
    long id = journal.begin(now.wallMillis());
    boolean numbered = options.venue().numbersTrades();
    intake =
        new ConnectionIntake(
            id, contract, options.contracts().venueFields(), redaction, numbered, new Sink());
    journal.takeIn(intake);
    journal.event(CONNECTED, opened.subscribedAtMillis(), null);
    coverage.opened(opened, ranBesideTheLast(opened), now);
    handOver.opened(now);
    countsAt = now.steadyMillis();
    tradesFlowed = false;
  }

  /** So in a hand-over, also in one that did not succeed because the connection before died. */
  private boolean ranBesideTheLast(FeedSignal.Opened opened) {
    return opened.overlapping()
        || lastClosed != null
            && (lastClosed.handedOver()
                || handOver.wasAsked() && opened.subscribedAtMillis() <= lastClosed.atMillis());
  }

  private void nextFrame(long receivedAt) {
    lastFrameAt = receivedAt;
    intake.frame();
  }

  private void frame(VenueFrame read, FeedSignal.Frame frame) {
    long receivedAt = frame.receivedAtMillis();
    if (read instanceof VenueFrame.Trades trades && !trades.trades().isEmpty()) {
      tradesFlowed = true;
      coverage.trades(trades.trades(), now);
      intake.trades(trades.trades(), receivedAt);
      if (trades.leftOut() > 0 && failure == null) {
        intake.refuseFrame(
            trades.leftOut()
                + " more elements of the data lack a symbol, a price, a volume or a time. They are"
                + " refused together, for they are too many.",
            frame.text(),
            receivedAt);
      }
    } else if (read instanceof VenueFrame.Unreadable unreadable) {
      intake.refuseFrame(unreadable.detail(), frame.text(), receivedAt);
    } else if (read instanceof VenueFrame.Acknowledged taken) {
      coverage.acknowledged(taken.request(), receivedAt, now);
    } else if (read instanceof VenueFrame.Refused refusal) {
      coverage.refused(refusal, complain(refusal.message()), receivedAt);
    } else if (read instanceof VenueFrame.ShuttingDown notice) {
      handOver.askAtOnce(complain(notice.message()));
    }
  }

  private String complain(String message) {
    String redacted = redaction.reason(message);
    complaints.add(redacted);
    return redacted;
  }

  private void closed(FeedSignal.Closed closed) {
    coverage.closed(closed, now);
    lastClosed = closed;
    intake = null;
    journal.end(closed.atMillis(), closed.reason());
  }

  /** Writes the counts when they are due, also when nothing flows; asks for a hand-over in time. */
  void tick(Moment moment) {
    now = moment;
    if (!isOpen()) {
      return;
    }
    if (now.steadyMillis() - countsAt >= options.countsIntervalMs()) {
      countsAt = now.steadyMillis();
      journal.event(COUNTS, now.wallMillis(), null);
    }
    String reason = handOver.due(now);
    if (reason != null) {
      coverage.besides();
      requests.add(new FeedRequest.HandOver(reason));
    }
  }

  /** The watchdogs. Only when no signal waits to be taken in, or a stall would be imagined. */
  void watch(Moment moment) {
    now = moment;
    if (isOpen()) {
      coverage.watch(now, requests);
    }
  }

  private final class Sink implements ConnectionIntake.Sink {

    @Override
    public void output(FeedOutput output) {
      journal.add(output);
    }

    @Override
    public boolean isRepeated(String symbol, long id) {
      return coverage.isRepeated(symbol, id);
    }

    @Override
    public void traded(String symbol, long id, long receivedAt) {
      coverage.traded(symbol, id, receivedAt, now);
    }

    @Override
    public boolean refused(FeedOutput.Refused refused) {
      if (options.toleratesBadFrames()) {
        journal.add(refused);
        return true;
      }
      failure = refused.sentence(options.feed());
      return false;
    }
  }

  private boolean isOpen() {
    return intake != null && failure == null;
  }

  /**
   * Why the task must fail, where bad frames are not tolerated; else null. What came before is in
   * the output and the offset, and nothing is taken in any more.
   */
  String failure() {
    return failure;
  }

  /** The connection, or the last one when there is none, has brought a trade. */
  boolean tradesFlowed() {
    return tradesFlowed;
  }

  long connectionId() {
    return journal.connectionId();
  }

  int waiting() {
    return journal.waiting();
  }

  List<FeedOutput> takeOutputs() {
    return journal.takeOutputs();
  }

  /** What is to be done to the connection, in order. */
  List<FeedRequest> takeRequests() {
    return take(requests);
  }

  /** What the venue complained about, for the log. */
  List<String> takeComplaints() {
    return take(complaints);
  }

  private static <T> List<T> take(List<T> held) {
    List<T> taken = List.copyOf(held);
    held.clear();
    return taken;
  }

  FeedOffset offset() {
    return coverage.offset(lastFrameAt);
  }
}
