package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedOutput.EventKind.STALLED;

import java.util.Collection;
import java.util.List;

/**
 * Watches for any sign of life, and for trades, of the connection and of each symbol; pings do not
 * count as trades. By the steady clock of taking in, not of receiving: while Kafka was away, frames
 * waited.
 */
final class Watchdog {

  private final long anythingMs;
  private final long connectionMs;
  private final SymbolWatch symbols;
  private long heardAt;
  private long tradesAt;
  private boolean stalled;

  /**
   * @param anythingMs how long there may be no frame and no pong; 0 for ever
   * @param connectionMs how long there may be no trade at all; 0 for ever
   * @param symbolMs how long there may be none of a symbol, at first; 0 for ever
   */
  Watchdog(long anythingMs, long connectionMs, long symbolMs) {
    this.anythingMs = anythingMs;
    this.connectionMs = connectionMs;
    this.symbols = new SymbolWatch(symbolMs);
  }

  void opened(Moment now) {
    heardAt = now.steadyMillis();
    tradesAt = now.steadyMillis();
    stalled = false;
    symbols.opened();
  }

  void subscribe(Collection<String> added) {
    symbols.subscribe(added);
  }

  void unsubscribe(Collection<String> removed) {
    symbols.unsubscribe(removed);
  }

  void heard(Moment now) {
    heardAt = now.steadyMillis();
  }

  void traded(Moment now) {
    tradesAt = now.steadyMillis();
  }

  void traded(String symbol, long receivedAtMillis, Moment now) {
    symbols.traded(symbol, receivedAtMillis, now.steadyMillis());
  }

  void live(Collection<String> shown, long atMillis, Moment now) {
    symbols.live(shown, atMillis, now.steadyMillis());
  }

  /** Says what has stalled and asks for what helps, once for each stall. */
  void look(Moment now, FeedJournal journal, OpenGaps gaps, Collection<FeedRequest> requests) {
    String reason = stalled ? null : silence(now);
    if (reason != null) {
      stalled = true;
      journal.event(STALLED, now.wallMillis(), reason);
      requests.add(new FeedRequest.Abort("stalled: " + reason));
    }
    if (stalled) {
      return;
    }
    List<SymbolWatch.Silence> silences = symbols.silent(now.steadyMillis());
    for (SymbolWatch.Silence silence : silences) {
      List<String> symbol = List.of(silence.symbol());
      journal.event(STALLED, now.wallMillis(), silence.reason(), symbol);
      gaps.open(symbol, silence.provenMillis(), silence.reason(), now);
    }
    if (!silences.isEmpty()) {
      requests.add(
          new FeedRequest.Resubscribe(silences.stream().map(SymbolWatch.Silence::symbol).toList()));
    }
  }

  /** What of the connection there has not been for too long; null while all is well. */
  private String silence(Moment now) {
    if (connectionMs > 0 && now.steadyMillis() - tradesAt >= connectionMs) {
      return "no trade for " + connectionMs + " ms";
    }
    if (anythingMs > 0 && now.steadyMillis() - heardAt >= anythingMs) {
      return "no answer to a ping, nor anything else, for " + anythingMs + " ms";
    }
    return null;
  }
}
