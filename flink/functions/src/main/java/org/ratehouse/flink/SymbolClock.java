package org.ratehouse.flink;

/**
 * How far one symbol's own time has come, and which of its windows were shown. All in epoch
 * milliseconds. Kept in state.
 *
 * <p>A window is final once the symbol's newest trade is five seconds past its end. Where a symbol
 * falls silent its event time is taken to go on at the pace of the clock that stamped its trades,
 * and its windows are shown by that: such a row is not final, and another follows if a trade still
 * comes.
 */
public class SymbolClock {
  public static final long NONE = Long.MIN_VALUE;

  /** By how much a trade may come behind a newer one of its symbol. */
  static final long LATENESS = 5_000;

  static final long STEP = 15_000;

  /** The greatest event time so far, and when that trade was received. */
  public long newest = NONE;

  public long newestReceived = NONE;

  /** Windows that end here or earlier were shown, as they are. */
  public long shownUpTo = NONE;

  /** The timer that is set; NONE when there is none. */
  public long timer = NONE;

  /** Windows that end here or earlier are final. */
  long finalUpTo() {
    return newest == NONE ? NONE : endedBy(newest);
  }

  /** The latest end of windows that are over when a symbol's event time is this. */
  static long endedBy(long eventTime) {
    return sliceOf(eventTime - LATENESS + 1);
  }

  /** Where the slice of a moment begins, also before 1970. */
  static long sliceOf(long eventTime) {
    return Math.floorDiv(eventTime, STEP) * STEP;
  }

  /** The symbol's event time as it is taken to be when the clock of receipt says `received`. */
  long eventTimeAt(long received) {
    return newest + Math.max(0, received - newestReceived);
  }

  /**
   * When, by the clock of receipt, a window that ends here is to be shown without another trade.
   */
  long dueAt(long windowEnd) {
    return newestReceived + windowEnd - 1 + LATENESS - newest;
  }
}
