package org.ratehouse.connect.websocket;

/** A feed's whole life as the bytes choose it, and its books at the end. */
final class FeedCases {

  private FeedCases() {}

  static void anyLife(byte[] data) {
    Choices choices = new Choices(data);
    boolean clockJumps = choices.oneIn(4);
    FeedWorld world = new FeedWorld(choices.oneIn(2), clockJumps, choices);
    world.run();
    FeedLedger ledger = new FeedLedger(world.history);
    ledger.checkConnections();
    ledger.checkOnce();
    if (!clockJumps) {
      // With jumps there is no one clock by which a trade would lie in a gap.
      ledger.checkAll(world.history, world.venue, FeedDriver.START);
    }
  }
}
