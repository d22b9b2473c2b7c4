package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ratehouse.connect.websocket.FeedOutput.Event;
import org.ratehouse.connect.websocket.FeedOutput.EventKind;
import org.ratehouse.connect.websocket.FeedOutput.Refused;
import org.ratehouse.connect.websocket.FeedOutput.Trade;
import org.ratehouse.connect.websocket.VenueModel.Made;

/** Adds up what a feed wrote, as somebody would who has the topics and the venue's own books. */
final class FeedLedger {

  private final Map<Long, List<Long>> sequences = new HashMap<>();
  private final Map<Long, Counts> last = new HashMap<>();
  private final Map<Long, Integer> closes = new HashMap<>();
  private final Map<String, Integer> written = new HashMap<>();
  private final List<Event> gaps = new ArrayList<>();
  private long connection;

  FeedLedger(FeedHistory history) {
    history.outputs().forEach(this::enter);
    FeedOffset end = history.offset();
    last.put(end.connectionId(), end.counts());
  }

  private void enter(FeedOutput output) {
    if (output instanceof Trade trade) {
      enter(trade.place().connectionId(), trade.sequence());
      written.merge(trade.symbol() + " " + trade.price().longValueExact(), 1, Integer::sum);
    } else if (output instanceof Refused refused && refused.sequence() != null) {
      enter(refused.place().connectionId(), refused.sequence());
    } else if (output instanceof Event event) {
      event(event);
    }
  }

  private void enter(long id, long sequence) {
    assertEquals(connection, id, "written under a connection that is not the current one");
    sequences.computeIfAbsent(id, none -> new ArrayList<>()).add(sequence);
  }

  private void event(Event event) {
    long id = event.connectionId();
    if (event.kind() == EventKind.CONNECTED) {
      assertTrue(id > connection, () -> id + " does not grow on " + connection);
      connection = id;
    }
    if (event.kind() == EventKind.GAP) {
      assertTrue(event.gap().fromMillis() < event.gap().toMillis(), "an empty gap");
      gaps.add(event);
    }
    last.put(id, event.counts());
    closes.merge(id, event.closed() ? 1 : 0, Integer::sum);
  }

  /** Each connection's sequences are 1 to its last, each once, as its last counts say. */
  void checkConnections() {
    last.forEach(
        (id, counts) -> {
          List<Long> found = sequences.getOrDefault(id, List.of());
          for (int i = 0; i < found.size(); i++) {
            assertEquals(i + 1L, found.get(i), "a sequence of connection " + id);
          }
          assertEquals(counts.lastSequence(), found.size(), "the last sequence of " + id);
        });
    closes.forEach(
        (id, times) -> assertEquals(id == connection ? 0 : 1, times, "how often " + id + " ended"));
  }

  /** No trade was written twice. */
  void checkOnce() {
    written.forEach(
        (trade, times) -> assertEquals(1, times, () -> trade + " was written " + times));
  }

  /** Every trade that was to come was written or lies in a gap of its symbol. */
  void checkAll(FeedHistory history, VenueModel venue, long clockOffset) {
    for (Made trade : venue.made) {
      if (!written.containsKey(trade.symbol() + " " + trade.number())
          && history.owes(trade.symbol(), trade.at())) {
        long at = clockOffset + trade.at();
        assertTrue(
            gaps.stream().anyMatch(gap -> covers(gap, trade.symbol(), at)),
            () -> "neither written nor in a gap: " + trade + " at " + at + "; gaps: " + gaps);
      }
    }
  }

  private static boolean covers(Event gap, String symbol, long at) {
    return gap.symbols().contains(symbol)
        && gap.gap().fromMillis() <= at
        && at < gap.gap().toMillis();
  }
}
