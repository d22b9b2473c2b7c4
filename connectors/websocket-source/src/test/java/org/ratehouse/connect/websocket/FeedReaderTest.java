package org.ratehouse.connect.websocket;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class FeedReaderTest {

  private static final String TRADES =
      "{\"type\":\"trade\",\"data\":[{\"s\":\"A\",\"p\":1,\"t\":1,\"v\":0},{\"s\":\"A\",\"p\":2,\"t\":1,\"v\":0}]}";

  /** A link that tells what it was given and then nothing. */
  private static final class ScriptedLink implements FeedLink {

    final Queue<FeedSignal> signals;
    final List<String> ends = new ArrayList<>();

    ScriptedLink(FeedSignal... signals) {
      this.signals = new ArrayDeque<>(List.of(signals));
    }

    @Override
    public FeedSignal take(long waitMs) {
      return signals.poll();
    }

    @Override
    public void abort(String reason) {
      ends.add(reason);
      signals.add(new FeedSignal.Closed(reason, 0));
    }

    @Override
    public void close() {
      ends.add("closed by us");
    }
  }

  private final List<ScriptedLink> opened = new ArrayList<>();
  private final Queue<ScriptedLink> script = new ArrayDeque<>();
  private FeedState state;
  private final Backoff backoff = new Backoff(100, 1_600, new HighestNumbers());
  private long steady;

  private FeedReader reader(String... namesAndValues) {
    FeedOptions options = TestOptions.options(namesAndValues);
    state = new FeedState(options);
    return new FeedReader(
        options,
        state,
        backoff,
        () -> new Moment(1_700_000_000_000L + steady, steady),
        () -> {
          opened.add(script.remove());
          return opened.get(opened.size() - 1);
        });
  }

  private static FeedSignal frame() {
    return new FeedSignal.Frame(TRADES, 1);
  }

  @Test
  void aPollTakesWholeFramesUntilItHasEnough() throws Exception {
    script.add(
        new ScriptedLink(
            new FeedSignal.Opened(1, List.of()), frame(), frame(), frame(), frame(), frame()));
    FeedReader reader = reader("batch.max.trades", "5");
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reader.read();
      sizes.add(state.takeOutputs().size());
    }

    // The first holds connected and subscribed too.
    assertEquals(List.of(6, 6, 0, 0), sizes);
  }

  @Test
  void aConnectionThatEndedIsFollowedByOneMoreAfterItsDelay() throws Exception {
    script.add(
        new ScriptedLink(new FeedSignal.Opened(1, List.of()), new FeedSignal.Closed("x", 2)));
    script.add(new ScriptedLink());
    FeedReader reader = reader();
    reader.read();
    assertEquals(1, opened.size());

    steady += 100;
    reader.read();
    assertEquals(2, opened.size());
  }

  @Test
  void delaysGrowUntilTradesFlow() throws Exception {
    FeedSignal over = new FeedSignal.Closed("x", 2);
    script.add(new ScriptedLink(new FeedSignal.NotOpened("down", false)));
    script.add(new ScriptedLink(new FeedSignal.Opened(1, List.of()), over));
    script.add(new ScriptedLink(new FeedSignal.Opened(1, List.of()), frame(), over));
    script.add(new ScriptedLink(new FeedSignal.NotOpened("down", false)));
    script.add(new ScriptedLink(new FeedSignal.NotOpened("down", false)));
    script.add(new ScriptedLink());
    FeedReader reader = reader();
    List<Long> delays = new ArrayList<>();
    reader.read();
    while (!script.isEmpty()) {
      delays.add(reader.delayMs());
      steady += reader.delayMs();
      reader.read();
    }

    assertEquals(List.of(100L, 200L, 100L, 200L, 400L), delays);
  }

  @Test
  void aRefusedTokenFailsTheTaskWithoutNamingIt() {
    script.add(new ScriptedLink(new FeedSignal.NotOpened("HTTP 401", true)));
    FeedReader reader = reader();

    ConnectException failure = assertThrows(ConnectException.class, reader::read);
    assertTrue(failure.getMessage().contains("The token of feed test was refused"));
    assertFalse(failure.getMessage().contains(TestOptions.TOKEN));
  }

  @Test
  void aStalledConnectionIsEndedAndWhatItBroughtIsKept() throws Exception {
    script.add(new ScriptedLink(new FeedSignal.Opened(1, List.of())));
    FeedReader reader = reader("watchdog.ms", "60000");
    reader.read();
    steady += 60_000;
    reader.read();

    assertEquals(List.of("stalled: no trade for 60000 ms"), opened.get(0).ends);
    reader.read();
    assertTrue(state.offset().closed());
  }

  @Test
  void stoppingEndsAWaitForTheNextAttempt() throws Exception {
    script.add(new ScriptedLink(new FeedSignal.NotOpened("down", false)));
    FeedReader reader = reader();
    reader.read();
    reader.stop();

    assertTimeoutPreemptively(
        ofSeconds(10),
        () -> {
          for (int i = 0; i < 1_000; i++) {
            reader.read();
          }
        });
    assertEquals(1, opened.size());
  }
}
