package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where a feed stands, committed with the records up to there. It is all that a task knows of the
 * one before it, so it says enough to close that one's connection and to tell what was missed.
 *
 * @param liveAsOf up to when the connection surely had everything; null when it was not live yet
 * @param gapFrom since when trades may be missed and not reported; null when there is no such gap
 * @param closed the connection's final counts are written
 * @param lastFrameAt null before the first frame
 */
record FeedOffset(
    long connectionId,
    Counts counts,
    Long liveAsOf,
    Long gapFrom,
    boolean closed,
    Long lastFrameAt) {

  private static final String CONNECTION_ID = "connection_id";
  private static final String FRAMES = "frames";
  private static final String TRADES = "trades";
  private static final String REFUSED = "refused";
  private static final String REFUSED_FRAMES = "refused_frames";
  private static final String LAST_SEQUENCE = "last_sequence";
  private static final String LIVE_AS_OF = "live_as_of";
  private static final String GAP_FROM = "gap_from";
  private static final String CLOSED = "closed";
  private static final String LAST_FRAME_AT = "last_frame_at";

  /** The key under which Connect keeps a feed's offset. */
  static Map<String, String> partition(String feed) {
    return Map.of("feed", feed);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>();
    map.put(CONNECTION_ID, connectionId);
    map.put(FRAMES, counts.frames());
    map.put(TRADES, counts.trades());
    map.put(REFUSED, counts.refused());
    map.put(REFUSED_FRAMES, counts.refusedFrames());
    map.put(LAST_SEQUENCE, counts.lastSequence());
    map.put(CLOSED, closed);
    // An absent key, for not every converter of offsets takes a null without a schema.
    putPresent(map, LIVE_AS_OF, liveAsOf);
    putPresent(map, GAP_FROM, gapFrom);
    putPresent(map, LAST_FRAME_AT, lastFrameAt);
    return map;
  }

  private static void putPresent(Map<String, Object> map, String name, Long value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  /** Null when there is no offset, which is so at the first start of a feed. */
  static FeedOffset fromMap(Map<String, Object> map) {
    if (map == null || map.isEmpty()) {
      return null;
    }
    Counts counts =
        new Counts(
            required(map, FRAMES),
            required(map, TRADES),
            required(map, REFUSED),
            required(map, REFUSED_FRAMES));
    return new FeedOffset(
        required(map, CONNECTION_ID),
        counts,
        number(map, LIVE_AS_OF),
        number(map, GAP_FROM),
        Boolean.TRUE.equals(map.get(CLOSED)),
        number(map, LAST_FRAME_AT));
  }

  private static long required(Map<String, Object> map, String name) {
    Long value = number(map, name);
    if (value == null) {
      // To go on without it would give an identity a second time or hide a gap.
      throw new ConnectException("The stored offset has no " + name + "; found " + map + ".");
    }
    return value;
  }

  private static Long number(Map<String, Object> map, String name) {
    Object value = map.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new ConnectException("The stored offset's " + name + " is not a number: " + value + ".");
  }
}
