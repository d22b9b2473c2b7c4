package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.EventKind;
import org.ratehouse.connect.websocket.FeedOutput.Refused;
import org.ratehouse.connect.websocket.FeedOutput.Trade;

/** Drives a state with signals on a clock of its own and keeps the whole history of its output. */
final class FeedDriver {

  static final long START = 1_700_000_000_000L;

  final FeedState state;
  final List<FeedOutput> history = new ArrayList<>();
  long wall = START;
  long steady;

  FeedDriver(String... options) {
    this(null, START, options);
  }

  private FeedDriver(FeedState state, long wall) {
    this.wall = wall;
    this.state = state;
    collect();
  }

  private FeedDriver(FeedOffset offset, long wall, String... options) {
    this(new FeedState(TestOptions.options(options)), wall);
    if (offset != null) {
      // By way of what Connect stores.
      state.resume(FeedOffset.fromMap(offset.toMap()), now());
      collect();
    }
  }

  static FeedDriver resumed(FeedOffset offset, long wall, String... options) {
    return new FeedDriver(offset, wall, options);
  }

  /** Of a state that a start made. */
  static FeedDriver of(FeedState state, long wall) {
    return new FeedDriver(state, wall);
  }

  FeedDriver nothingWanted() {
    state.nothingWanted(now());
    collect();
    return this;
  }

  FeedDriver begin() {
    state.begin(now());
    return this;
  }

  Moment now() {
    return new Moment(wall, steady);
  }

  FeedDriver after(long millis) {
    wall += millis;
    steady += millis;
    return this;
  }

  FeedDriver open() {
    return open("A", "B");
  }

  FeedDriver open(String... symbols) {
    return signal(new FeedSignal.Opened(wall, List.of(symbols)));
  }

  FeedDriver change(List<String> added, List<String> removed) {
    return signal(new FeedSignal.SymbolsChanged(added, removed, wall));
  }

  FeedDriver resubscribe(String... symbols) {
    return signal(new FeedSignal.Resubscribed(List.of(symbols), wall));
  }

  FeedDriver handOver(String reason) {
    return signal(new FeedSignal.Closed(reason, wall, true));
  }

  FeedDriver pong(long sentAt) {
    return signal(new FeedSignal.Pong(sentAt, wall));
  }

  FeedDriver close(String reason) {
    return signal(new FeedSignal.Closed(reason, wall));
  }

  FeedDriver frame(String text) {
    return signal(new FeedSignal.Frame(text, wall));
  }

  FeedDriver binary(String base64) {
    return signal(new FeedSignal.BinaryFrame(base64, wall));
  }

  FeedDriver trades(String... prices) {
    return tradesOf("A", prices);
  }

  FeedDriver tradesOf(String symbol, String... prices) {
    List<String> data = new ArrayList<>();
    for (String price : prices) {
      data.add(
          "{\"s\":\"" + symbol + "\",\"p\":" + price + ",\"t\":1700000000000,\"v\":1,\"c\":null}");
    }
    return frame("{\"data\":[" + String.join(",", data) + "],\"type\":\"trade\"}");
  }

  FeedDriver tick() {
    state.tick(now());
    state.watch(now());
    collect();
    return this;
  }

  FeedDriver signal(FeedSignal signal) {
    state.accept(signal, now());
    collect();
    return this;
  }

  private void collect() {
    history.addAll(state.takeOutputs());
  }

  List<Trade> trades() {
    return history.stream().filter(Trade.class::isInstance).map(Trade.class::cast).toList();
  }

  List<Refused> refused() {
    return history.stream().filter(Refused.class::isInstance).map(Refused.class::cast).toList();
  }

  List<Event> events() {
    return history.stream().filter(Event.class::isInstance).map(Event.class::cast).toList();
  }

  List<Event> events(EventKind kind) {
    return events().stream().filter(event -> event.kind() == kind).toList();
  }

  /** What is missing, but for the first minute of each symbol. */
  List<Event> gaps() {
    return events(EventKind.GAP).stream()
        .filter(event -> !event.reason().equals("the first minute is partial"))
        .toList();
  }

  List<EventKind> kinds() {
    return events().stream().map(Event::kind).toList();
  }

  List<Long> connections() {
    return events(EventKind.CONNECTED).stream().map(Event::connectionId).toList();
  }
}
