package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import org.ratehouse.connect.websocket.FeedOutput.EventKind;
import org.ratehouse.connect.websocket.FeedOutput.Gap;

/**
 * What a feed has to say, in order: what its connections took in, and what happened on them. Every
 * event carries the counts of its connection up to there.
 */
final class FeedJournal {

  private final int taskIndex;
  private List<FeedOutput> outputs = new ArrayList<>();
  private long connectionId;
  private ConnectionIntake intake;
  private Counts closedCounts = Counts.NONE;

  FeedJournal(int taskIndex) {
    this.taskIndex = taskIndex;
  }

  /** Takes up the connection that a task before had last. */
  void resume(long lastConnectionId, Counts counts) {
    connectionId = lastConnectionId;
    closedCounts = counts;
  }

  /**
   * A connection begins, under an identity above all before it. It grows also when the clock is set
   * back; a thousand connections fit into a millisecond, or a thousand tasks with one each.
   */
  long begin(long wallMillis) {
    connectionId = Math.max(wallMillis * 1000 + taskIndex, connectionId + 1000);
    return connectionId;
  }

  void takeIn(ConnectionIntake next) {
    intake = next;
  }

  /** The connection is over; these counts are its last. */
  void end(long atMillis, String reason) {
    closedCounts = counts();
    intake = null;
    add(EventKind.DISCONNECTED, atMillis, reason, List.of(), null, true);
  }

  void add(FeedOutput output) {
    outputs.add(output);
  }

  /** Of the connection as such. */
  void event(EventKind kind, long atMillis, String reason) {
    add(kind, atMillis, reason, List.of(), null, false);
  }

  void event(EventKind kind, long atMillis, String reason, List<String> symbols) {
    add(kind, atMillis, reason, symbols, null, false);
  }

  void gap(long atMillis, String reason, List<String> symbols, Gap gap) {
    add(EventKind.GAP, atMillis, reason, symbols, gap, false);
  }

  private void add(
      EventKind kind, long atMillis, String reason, List<String> symbols, Gap gap, boolean closed) {
    outputs.add(
        new FeedOutput.Event(connectionId, kind, atMillis, reason, symbols, gap, counts(), closed));
  }

  boolean isOpen() {
    return intake != null;
  }

  long connectionId() {
    return connectionId;
  }

  Counts counts() {
    return intake == null ? closedCounts : intake.counts();
  }

  int waiting() {
    return outputs.size();
  }

  List<FeedOutput> takeOutputs() {
    List<FeedOutput> taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }
}
