package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ratehouse.connect.websocket.VenueModel.Made;

/**
 * A venue, the connections to it, and a feed's state that is driven as a reader would, by choices:
 * trades, silences, closes, kills of the worker, new symbols, hand-overs and jumps of the clock.
 */
final class FeedWorld {

  private static final List<String> SYMBOLS = List.of("A", "B", "C", "D");
  private static final long LONG_AFTER = 600_000;

  final FeedHistory history = new FeedHistory();
  final VenueModel venue;
  private final Choices choices;
  private final FeedOptions options;
  private final boolean clockJumps;
  private final Set<String> wanted = new HashSet<>(List.of("A", "B"));
  private FeedState state;
  private LinkModel link;
  private LinkModel next;
  private final List<FeedSignal> held = new ArrayList<>();
  private boolean nextAnswered;
  private long lastPing;
  private long now;
  private long clockOffset = FeedDriver.START;

  FeedWorld(boolean binance, boolean clockJumps, Choices choices) {
    this.venue = VenueModel.of(binance);
    this.choices = choices;
    this.clockJumps = clockJumps;
    this.options =
        TestOptions.options(
            "feed.venue", venue.name(),
            "feed.symbols", "A,B",
            "gap.padding.ms", "0",
            "event.time.tolerance.ms", "-1",
            "watchdog.ms", "60000",
            "watchdog.symbol.ms", "20000",
            "connection.life.ms", "30000",
            "counts.interval.ms", "10000");
    this.state = new FeedState(options);
  }

  /** Runs as long as there are choices, and then until all that is on its way is in. */
  void run() {
    while (!choices.isAtEnd()) {
      advance(choices.oneIn(8) ? choices.between(1, 30_000) : choices.between(1, 400));
      act();
      obey();
    }
    for (int settling = 0; settling < 20; settling++) {
      if (link == null) {
        open();
      }
      ping();
      advance(1_000);
      obey();
    }
    history.end(now, state.offset());
  }

  private void act() {
    switch (choices.below(32)) {
      case 0, 1, 2, 3 -> ping();
      case 4, 5 -> tick();
      case 6 -> close();
      case 7 -> kill();
      case 8 -> changeSymbols();
      case 9 -> noise("garbage");
      case 10 -> badTrade(choices.of("A", "B", "C"));
      case 11 -> jump();
      case 12, 13, 14 -> open();
      case 16 -> bogusTrade(choices.of("A", "B"));
      case 15 -> advance(choices.of(1L, 20_001L, 30_000L, 61_000L));
      default -> trade();
    }
  }

  private void advance(long millis) {
    now += millis;
    serve();
    for (LinkModel reading = link; reading != null && reading == link; ) {
      FeedSignal signal = reading.take(now, wall());
      if (signal == null) {
        break;
      }
      accept(signal);
      if (signal instanceof FeedSignal.Pong pong && next != null && pong.number() == lastPing) {
        join();
      }
    }
    hold();
  }

  private void serve() {
    if (link != null) {
      link.serve(now);
    }
    if (next != null) {
      next.serve(now);
    }
  }

  private long wall() {
    return clockOffset + now;
  }

  private Moment moment() {
    return new Moment(wall(), now);
  }

  private void accept(FeedSignal signal) {
    state.accept(signal, moment());
    history.add(state.takeOutputs(), state.offset());
  }

  private void trade() {
    List<Made> trades = new ArrayList<>();
    for (int count = choices.between(1, 4); count > 0; count--) {
      trades.add(venue.make(choices.of("A", "A", "B", "C", "D"), now));
    }
    if (link != null) {
      link.trades(trades, now);
    }
    if (next != null) {
      next.trades(trades, now);
    }
  }

  private void noise(String frame) {
    if (link != null) {
      link.text(frame, now);
    }
  }

  private void badTrade(String symbol) {
    if (link != null && link.isSubscribed(symbol)) {
      link.text(venue.badTrade(symbol), now);
    }
  }

  private void bogusTrade(String symbol) {
    String frame = venue.bogusTrade(symbol);
    if (frame != null && link != null && link.isSubscribed(symbol)) {
      link.text(frame, now);
    }
  }

  private void ping() {
    if (link != null) {
      link.ping(wall(), now);
    }
    if (next != null) {
      next.ping(wall(), now);
    }
  }

  private void tick() {
    state.tick(moment());
    state.watch(moment());
    history.add(state.takeOutputs(), state.offset());
  }

  private void obey() {
    for (FeedRequest request : state.takeRequests()) {
      if (request instanceof FeedRequest.Abort) {
        close();
      } else if (request instanceof FeedRequest.Resubscribe again && link != null) {
        link.resubscribe(again.symbols(), now);
        accept(new FeedSignal.Resubscribed(again.symbols(), wall()));
      } else if (request instanceof FeedRequest.HandOver && link != null && next == null) {
        next = opened();
        held.add(new FeedSignal.Opened(wall(), List.copyOf(wanted), true));
        nextAnswered = false;
        lastPing = LONG_AFTER;
      }
    }
  }

  private LinkModel opened() {
    LinkModel made = new LinkModel(venue, choices);
    made.subscribe(wanted, now);
    return made;
  }

  private void open() {
    if (link == null) {
      link = opened();
      history.wants(wanted, now);
      accept(new FeedSignal.Opened(wall(), List.copyOf(wanted)));
    }
  }

  /** What the second connection brings waits; its first pong after its answer makes it live. */
  private void hold() {
    if (next == null) {
      return;
    }
    for (FeedSignal signal = next.take(now, wall()); signal != null; ) {
      held.add(signal);
      nextAnswered |= signal instanceof FeedSignal.Frame frame && frame.text().contains("result");
      if (signal instanceof FeedSignal.Pong && nextAnswered && lastPing == LONG_AFTER) {
        lastPing = link.ping(wall(), now);
      }
      signal = next.take(now, wall());
    }
  }

  private void join() {
    accept(new FeedSignal.Closed("handed over", wall(), true));
    takeNext();
  }

  private void takeNext() {
    link = next;
    next = null;
    for (FeedSignal signal : held) {
      accept(signal);
    }
    held.clear();
  }

  /** The connection breaks, or one of the two: what was on its way is lost. */
  private void close() {
    if (next != null && choices.oneIn(2)) {
      next = null;
      held.clear();
    } else if (link != null) {
      link = null;
      accept(new FeedSignal.Closed("gone", wall()));
      if (next != null) {
        takeNext();
      }
    }
  }

  /** The worker dies: what was written last is anything from the last commit on. */
  private void kill() {
    FeedOffset offset = history.loseSome(choices);
    link = null;
    next = null;
    held.clear();
    advance(choices.between(1, 5_000));
    state = new FeedState(options);
    if (offset != null) {
      state.resume(FeedOffset.fromMap(offset.toMap()), moment());
      history.add(state.takeOutputs(), state.offset());
    }
  }

  private void changeSymbols() {
    String symbol = SYMBOLS.get(choices.below(SYMBOLS.size()));
    if (next != null || wanted.equals(Set.of(symbol))) {
      return;
    }
    boolean add = !wanted.remove(symbol) && wanted.add(symbol);
    if (link == null) {
      return;
    }
    List<String> changed = List.of(symbol);
    if (add) {
      link.subscribe(changed, now);
    } else {
      link.unsubscribe(changed, now);
    }
    history.wants(wanted, now);
    accept(
        add
            ? new FeedSignal.SymbolsChanged(changed, List.of(), wall())
            : new FeedSignal.SymbolsChanged(List.of(), changed, wall()));
  }

  private void jump() {
    if (clockJumps) {
      clockOffset += choices.of(-3_600_000L, -5_000L, 5_000L, 3_600_000L);
    }
  }
}
