package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;

/** A link that tells what it was given, keeps what was asked of it, and ends when it is told to. */
final class ScriptedLink implements FeedLink {

  final List<FeedSignal> signals = new ArrayList<>();
  final List<String> asked = new ArrayList<>();
  private long pings = 1;

  ScriptedLink(FeedSignal... signals) {
    tell(signals);
  }

  void tell(FeedSignal... more) {
    signals.addAll(List.of(more));
  }

  @Override
  public List<FeedSignal> take(long waitMs) {
    List<FeedSignal> taken = List.copyOf(signals);
    signals.clear();
    return taken;
  }

  @Override
  public void change(Wanted added, List<String> removed) {
    asked.add("add " + added.symbols() + " remove " + removed);
  }

  @Override
  public void resubscribe(List<String> symbols) {
    asked.add("resubscribe " + symbols);
  }

  @Override
  public long ping() {
    asked.add("ping");
    return ++pings;
  }

  @Override
  public void abort(String reason) {
    asked.add("abort: " + reason);
    signals.add(new FeedSignal.Closed(reason, 0));
  }

  @Override
  public void close() {
    asked.add("close");
  }
}
