package org.ratehouse.connect.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Drives a reader turn by turn, with scripted links and a clock of its own. */
final class ReaderDriver {

  static final FeedSignal OPENED = new FeedSignal.Opened(1, List.of("A", "B"));

  final Queue<ScriptedLink> script = new ArrayDeque<>();
  final List<ScriptedLink> opened = new ArrayList<>();
  final List<List<String>> symbolsAtOpening = new ArrayList<>();
  final List<Wanted> wantedAtOpening = new ArrayList<>();
  final List<Boolean> overlapping = new ArrayList<>();
  final WantedSymbols symbols = new WantedSymbols(this::now);
  final FeedQueue queue;
  final FeedState state;
  final FeedReader reader;
  Runnable checks = () -> {};
  long steady;

  ReaderDriver(String... namesAndValues) {
    this(TestOptions.options(namesAndValues));
  }

  ReaderDriver(FeedOptions options) {
    queue = new FeedQueue(options.queueMaxTrades(), options.queueMaxBytes());
    state = new FeedState(options);
    symbols.begin(options.symbols());
    reader =
        new FeedReader(
            options,
            state,
            queue,
            new Backoff(100, 1_600, new HighestNumbers()),
            this::now,
            (wanted, overlaps) -> {
              symbolsAtOpening.add(wanted.symbols());
              wantedAtOpening.add(wanted);
              overlapping.add(overlaps);
              opened.add(script.remove());
              return opened.get(opened.size() - 1);
            },
            FeedMetrics.of(null, null, null),
            symbols,
            () -> checks.run());
  }

  private Moment now() {
    return new Moment(1_700_000_000_000L + steady, steady);
  }

  ScriptedLink next(FeedSignal... signals) {
    ScriptedLink link = new ScriptedLink(signals);
    script.add(link);
    return link;
  }

  /** A frame of trades of A at these prices, which are their ids where the venue numbers them. */
  static FeedSignal frame(int... prices) {
    List<String> data = new ArrayList<>();
    for (int price : prices) {
      data.add("{\"s\":\"A\",\"p\":" + price + ",\"t\":1700000000000,\"v\":1}");
    }
    return new FeedSignal.Frame(
        "{\"data\":[" + String.join(",", data) + "],\"type\":\"trade\"}", 1);
  }

  List<FeedOutput> taken() throws InterruptedException {
    List<FeedOutput> outputs = new ArrayList<>();
    queue.take(0, Integer.MAX_VALUE).forEach(batch -> outputs.addAll(batch.outputs()));
    return outputs;
  }

  static List<Integer> prices(List<FeedOutput> outputs) {
    return outputs.stream()
        .filter(FeedOutput.Trade.class::isInstance)
        .map(output -> ((FeedOutput.Trade) output).price().intValueExact())
        .toList();
  }
}
