package org.ratehouse.connect.websocket;

import java.math.BigDecimal;
import java.util.List;

/** What the feed's state yields, in order: each becomes one Kafka record. */
sealed interface FeedOutput {

  /**
   * A trade that fulfils the contract.
   *
   * @param venueFields values of {@link VenueFields}, in its order; null where there is none
   */
  record Trade(
      String symbol,
      BigDecimal price,
      BigDecimal volume,
      long eventTime,
      long receivedAt,
      Place place,
      long sequence,
      int position,
      String venueTradeId,
      List<String> conditions,
      List<String> venueFields)
      implements FeedOutput {}

  /**
   * A trade or a frame that does not.
   *
   * @param sequence null for a frame
   * @param position null for a frame
   */
  record Refused(
      Place place,
      Long sequence,
      Integer position,
      long receivedAt,
      RefusalReason reason,
      String detail,
      String payload)
      implements FeedOutput {

    /** Why a task that tolerates no refusal fails; without the payload, which is not ours. */
    String sentence(String feed) {
      String what =
          sequence == null
              ? "frame " + place.frame()
              : "trade %d (frame %d, position %d)".formatted(sequence, place.frame(), position);
      return ("Feed %s: %s of connection %d breaks the contract, %s: %s With errors.tolerance=none"
              + " the task ends here; without it the refusal goes to the dead-letter topic and the"
              + " stream goes on.")
          .formatted(feed, what, place.connectionId(), reason, detail);
    }
  }

  /**
   * Something happened on a connection.
   *
   * @param reason null where the kind says it all
   * @param gap null unless the kind is GAP
   */
  record Event(
      long connectionId,
      EventKind kind,
      long occurredAt,
      String reason,
      List<String> symbols,
      Gap gap,
      Counts counts,
      boolean closed)
      implements FeedOutput {}

  /** The frame that something stood in. */
  record Place(long connectionId, long frame) {}

  /**
   * A span of our time in which trades may have been missed: from inclusive, to exclusive.
   *
   * @param firstMissingId of the venue's ids that prove the loss; null where nothing proves it
   * @param lastMissingId null where the other is
   */
  record Gap(long fromMillis, long toMillis, String firstMissingId, String lastMissingId) {

    Gap(long fromMillis, long toMillis) {
      this(fromMillis, toMillis, null, null);
    }
  }

  /** The kinds of events; written out in lower case. */
  enum EventKind {
    CONNECTED,
    SUBSCRIBED,
    REFUSED,
    UNSUBSCRIBED,
    DISCONNECTED,
    STALLED,
    GAP,
    COUNTS
  }
}
