package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedOutput.EventKind.REFUSED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.SUBSCRIBED;
import static org.ratehouse.connect.websocket.FeedOutput.EventKind.UNSUBSCRIBED;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * What of each symbol's trades is in, over all connections: every moment since a symbol was first
 * subscribed to is either covered by a live subscription or lies in a gap, which is told when it
 * ends.
 */
final class Coverage {

  private static final long MINUTE_MS = 60_000;
  private static final String FIRST_MINUTE = "the first minute is partial";
  private static final String IDS_JUMP = "the venue's trade ids jump";

  private final Venue venue;
  private final FeedJournal journal;
  private final Subscriptions subscriptions;
  private final OpenGaps gaps;
  private final TradeIds ids;
  private final Watchdog watchdog;
  private final long tasks;

  /** Symbols of the feed that are other tasks'. */
  private final Set<String> elsewhere;

  /** Of those, the ones that this task had, and up to when it has accounted for them. */
  private Map<String, Long> moved = Map.of();

  private Moment wantedSince;

  Coverage(FeedOptions options, FeedJournal journal) {
    this.venue = options.venue();
    this.journal = journal;
    this.watchdog =
        new Watchdog(options.pongTimeoutMs(), options.watchdogMs(), options.symbolWatchdogMs());
    this.subscriptions = new Subscriptions(venue);
    this.gaps = new OpenGaps(options.gapPaddingMs());
    this.ids = new TradeIds(options.gapPaddingMs());
    this.tasks = options.taskCount();
    this.elsewhere = new HashSet<>(options.feedSymbols());
    options.symbols().forEach(elsewhere::remove);
  }

  /** From now on the symbols of the next connection are wanted, however long it takes to come. */
  void wanted(Moment now) {
    wantedSince = now;
  }

  /** Takes up what a task before left, which is over. */
  void resume(FeedOffset offset, List<String> configured, String reason, Moment now) {
    moved = offset.moved();
    gaps.resume(offset.openGaps(), reason, now);
    subscriptions.resume(offset.symbolsOr(configured));
    if (offset.liveAsOf() != null) {
      gaps.open(subscriptions.symbols(), offset.liveAsOf(), reason, now);
    }
    ids.resume(offset.lastIds().toMap(), offset.completeUpTo(now.wallMillis()));
  }

  /** Takes up what no other task accounts for, by symbol from when on. */
  void takeOver(Map<String, Long> since, String reason, Moment now) {
    gaps.resume(since, reason, now);
  }

  /**
   * A connection is open.
   *
   * @param joined it ran beside the one before, so it repeats what came there
   */
  void opened(FeedSignal.Opened opened, boolean joined, Moment now) {
    List<String> wanted = opened.wanted().symbols();
    long at = opened.subscribedAtMillis();
    ids.opened(joined);
    watchdog.opened(now);
    giveUp(without(subscriptions.symbols(), wanted), without(gaps.symbols(), wanted), at, now);
    List<String> anew = without(wanted, subscriptions.symbols());
    subscriptions.opened(wanted, at);
    watchdog.subscribe(wanted);
    long latest = wantedSince == null ? at : Math.min(wantedSince.earliest(now), at);
    began(anew, opened.wanted(), latest, now);
    wantedSince = null;
    keepIds(wanted);
  }

  /** Nobody wants any of it any more. */
  void retire(Moment now) {
    wantedSince = null;
    if (journal.connectionId() == 0) {
      // What was taken over is told with the first connection, for there is none to tell it of.
      return;
    }
    giveUp(subscriptions.symbols(), gaps.symbols(), now.wallMillis(), now);
  }

  /**
   * Ends what the task has of these symbols.
   *
   * @param missed those with a gap, of which some may have been given up before: the task that did
   *     so may have missed their last trades
   */
  private void giveUp(List<String> symbols, List<String> missed, long at, Moment now) {
    removed(symbols, at, now);
    endGaps(missed, at, now);
    // The task that has them now goes on from here, also when it starts much later. Without a
    // connection everything that the task had has an open gap.
    Map<String, Long> more = new TreeMap<>(moved);
    missed.stream().filter(elsewhere::contains).forEach(symbol -> more.put(symbol, at));
    moved = more;
  }

  void changed(FeedSignal.SymbolsChanged changed, Moment now) {
    removed(changed.removed(), changed.atMillis(), now);
    List<String> added = changed.added().symbols();
    List<String> anew = without(added, subscriptions.symbols());
    subscriptions.added(added, changed.atMillis());
    watchdog.subscribe(anew);
    began(anew, changed.added(), changed.atMillis(), now);
    keepIds(anew);
  }

  void resubscribed(FeedSignal.Resubscribed again) {
    subscriptions.again(again.symbols(), again.atMillis());
  }

  private static List<String> without(List<String> symbols, List<String> others) {
    return symbols.stream().filter(symbol -> !others.contains(symbol)).distinct().toList();
  }

  /**
   * Symbols are new here.
   *
   * @param wanted tells since when; a connection may have come much later
   * @param latest moment at which all of them were wanted, however the clocks went
   */
  private void began(List<String> symbols, Wanted wanted, long latest, Moment now) {
    for (String symbol : symbols) {
      long since = Math.min(wanted.since().get(symbol), latest);
      gaps.openAt(List.of(symbol), since - Math.floorMod(since, MINUTE_MS), FIRST_MINUTE, now);
    }
    ids.forget(symbols);
  }

  private void keepIds(List<String> symbols) {
    if (venue.numbersTrades()) {
      ids.subscribe(symbols);
    }
  }

  private void removed(List<String> symbols, long at, Moment now) {
    if (symbols.isEmpty()) {
      return;
    }
    List<String> stillComing = symbols.stream().filter(symbol -> !gaps.has(symbol)).toList();
    endGaps(symbols, at, now);
    subscriptions.removed(symbols, stillComing, at);
    watchdog.unsubscribe(symbols);
    ids.forget(symbols);
    journal.event(UNSUBSCRIBED, at, null, symbols);
  }

  /** Anything came, a pong or a frame. */
  void heard(Moment now) {
    watchdog.heard(now);
  }

  void pong(FeedSignal.Pong pong, Moment now) {
    live(subscriptions.pong(pong.sentAtMillis()), pong.receivedAtMillis(), now);
  }

  void acknowledged(int message, long receivedAt, Moment now) {
    live(subscriptions.acknowledged(message), receivedAt, now);
  }

  /** A frame with trades came. What was not asked for is no sign that what was asked for comes. */
  void trades(List<VenueTrade> trades, Moment now) {
    for (VenueTrade trade : trades) {
      if (subscriptions.contains(trade.symbol())) {
        watchdog.traded(now);
        return;
      }
    }
  }

  private void live(List<String> symbols, long at, Moment now) {
    if (!symbols.isEmpty()) {
      journal.event(SUBSCRIBED, at, null, symbols);
      endGaps(symbols, at, now);
      watchdog.live(symbols, at, now);
    }
  }

  void refused(VenueFrame.Refused refusal, String message, long receivedAt) {
    List<String> symbols = subscriptions.refused(refusal.symbols(), refusal.request());
    journal.event(REFUSED, receivedAt, message, symbols);
  }

  /** From now on another connection may run beside this one. */
  void besides() {
    ids.keepAll();
  }

  /** The connection before this one brought the trade; so only after a hand-over. */
  boolean isRepeated(String symbol, long id) {
    return ids.isRepeated(symbol, id);
  }

  /**
   * A trade of the symbol comes in, refused or not.
   *
   * @param id {@link TradeIds#NONE} where it has none
   */
  void traded(String symbol, long id, long receivedAt, Moment now) {
    Gap lost = id == TradeIds.NONE ? null : ids.take(symbol, id, receivedAt);
    if (lost != null) {
      journal.gap(receivedAt, IDS_JUMP, List.of(symbol), lost);
    }
    watchdog.traded(symbol, receivedAt, now);
    // A venue that acknowledges says by that, and not by a trade, what is live. One of a symbol
    // that
    // was given up and is wanted again may be of the time before.
    if (gaps.has(symbol) && !venue.acknowledges() && !subscriptions.leaving().contains(symbol)) {
      live(subscriptions.traded(symbol), receivedAt, now);
      endGaps(List.of(symbol), receivedAt, now);
    }
  }

  private void endGaps(List<String> symbols, long at, Moment now) {
    for (OpenGaps.Ended ended : gaps.end(symbols, at, now)) {
      journal.gap(at, ended.reason(), ended.symbols(), ended.gap());
    }
  }

  void closed(FeedSignal.Closed closed, Moment now) {
    List<String> symbols = subscriptions.symbols();
    Long proven = subscriptions.provenUpTo();
    List<String> leaving = subscriptions.leaving();
    if (!leaving.isEmpty()) {
      Gap lost = gaps.between(proven, closed.atMillis());
      journal.gap(closed.atMillis(), closed.reason(), leaving, lost);
    }
    if (proven == null) {
      gaps.uncover(closed.reason());
    } else if (closed.handedOver()) {
      gaps.cover(symbols, proven, closed.reason(), now);
    } else {
      gaps.open(symbols, proven, closed.reason(), now);
    }
    subscriptions.closed();
  }

  void watch(Moment now, List<FeedRequest> requests) {
    if (subscriptions.symbols().isEmpty()) {
      // A task without a symbol has nothing to wait for.
      watchdog.traded(now);
    }
    watchdog.look(now, journal, gaps, requests);
  }

  FeedOffset offset(Long lastFrameAt) {
    return new FeedOffset(
        journal.connectionId(),
        journal.counts(),
        subscriptions.provenUpTo(),
        subscriptions.symbols(),
        gaps.starts(subscriptions.leaving(), subscriptions.provenUpTo()),
        moved,
        ids.snapshot(),
        !journal.isOpen(),
        lastFrameAt,
        tasks);
  }
}
