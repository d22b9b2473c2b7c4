package org.ratehouse.connect.websocket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Where a feed stands, committed with the records up to there. It is all that a task knows of the
 * one before it, so it says enough to close that one's connection and to tell what was missed.
 *
 * @param liveAsOf up to when the connection surely had everything; null when it was not live
 * @param symbols what the connection was subscribed to; null in an offset of an older version
 * @param openGaps since when trades of a symbol may be missed, where that is not reported yet
 * @param moved up to when this task has accounted for a symbol that went to another task
 * @param lastIds of the symbols' trades, where the venue numbers them
 * @param closed the connection's final counts are written
 * @param lastFrameAt null before the first frame
 * @param tasks how many the feed had; null in an offset of an older version
 */
record FeedOffset(
    long connectionId,
    Counts counts,
    Long liveAsOf,
    List<String> symbols,
    Map<String, Long> openGaps,
    Map<String, Long> moved,
    TradeIds.Snapshot lastIds,
    boolean closed,
    Long lastFrameAt,
    Long tasks) {

  private static final String CONNECTION_ID = "connection_id";
  private static final String FRAMES = "frames";
  private static final String TRADES = "trades";
  private static final String REFUSED = "refused";
  private static final String REFUSED_FRAMES = "refused_frames";
  private static final String LAST_SEQUENCE = "last_sequence";
  private static final String LIVE_AS_OF = "live_as_of";
  private static final String SYMBOLS = "symbols";
  private static final String OPEN_GAPS = "open_gaps";
  private static final String MOVED = "moved";
  private static final String LAST_IDS = "last_ids";
  private static final String CLOSED = "closed";
  private static final String LAST_FRAME_AT = "last_frame_at";
  private static final String TASKS = "tasks";

  /** What an older version wrote for a gap that was open; it stands where no live_as_of is. */
  private static final String GAP_FROM = "gap_from";

  /** The connection's symbols. An older version kept none: then those that are configured. */
  List<String> symbolsOr(List<String> configured) {
    if (symbols != null) {
      return symbols;
    }
    return liveAsOf == null ? List.of() : configured;
  }

  /** The same with less of what went to other tasks. */
  FeedOffset withMoved(Map<String, Long> left) {
    return new FeedOffset(
        connectionId,
        counts,
        liveAsOf,
        symbols,
        openGaps,
        left,
        lastIds,
        closed,
        lastFrameAt,
        tasks);
  }

  /** The last moment before which nothing is missing. */
  long completeUpTo(long otherwise) {
    long live = liveAsOf == null ? otherwise : liveAsOf;
    return openGaps.values().stream().mapToLong(Long::longValue).reduce(live, Math::min);
  }

  /** The key under which Connect keeps the offset of a feed's first task. */
  static Map<String, String> partition(String feed) {
    return partition(feed, 0);
  }

  /** The key under which Connect keeps the offset of one of a feed's tasks. */
  static Map<String, String> partition(String feed, int taskIndex) {
    return taskIndex == 0
        ? Map.of("feed", feed)
        : Map.of("feed", feed, "task", Integer.toString(taskIndex));
  }

  /** The offsets of all tasks that a feed may have had, by task; those that there are. */
  static Map<Integer, FeedOffset> all(String feed, OffsetStorageReader stored) {
    Map<Map<String, String>, Integer> tasks =
        IntStream.range(0, Tokens.MOST)
            .boxed()
            .collect(Collectors.toMap(task -> partition(feed, task), task -> task));
    Map<Integer, FeedOffset> offsets = new TreeMap<>();
    stored
        .offsets(tasks.keySet())
        .forEach(
            (partition, map) -> {
              FeedOffset offset = fromMap(map);
              if (offset != null) {
                offsets.put(tasks.get(partition), offset);
              }
            });
    return offsets;
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
    putPresent(map, LAST_FRAME_AT, lastFrameAt);
    putPresent(map, TASKS, tasks);
    if (symbols != null) {
      map.put(SYMBOLS, OffsetText.ofList(symbols));
    }
    putFilled(map, OPEN_GAPS, openGaps);
    putFilled(map, MOVED, moved);
    putFilled(map, LAST_IDS, lastIds.toMap());
    return map;
  }

  private static void putPresent(Map<String, Object> map, String name, Long value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  private static void putFilled(Map<String, Object> map, String name, Map<String, Long> values) {
    if (!values.isEmpty()) {
      map.put(name, OffsetText.ofMap(values));
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
    Long liveAsOf = number(map, LIVE_AS_OF);
    String symbols = text(map, SYMBOLS);
    return new FeedOffset(
        required(map, CONNECTION_ID),
        counts,
        liveAsOf == null ? number(map, GAP_FROM) : liveAsOf,
        symbols == null ? null : OffsetText.list(SYMBOLS, symbols),
        numbers(map, OPEN_GAPS),
        numbers(map, MOVED),
        TradeIds.Snapshot.of(numbers(map, LAST_IDS)),
        Boolean.TRUE.equals(map.get(CLOSED)),
        number(map, LAST_FRAME_AT),
        number(map, TASKS));
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

  private static Map<String, Long> numbers(Map<String, Object> map, String name) {
    String text = text(map, name);
    return text == null ? Map.of() : OffsetText.map(name, text);
  }

  private static String text(Map<String, Object> map, String name) {
    Object value = map.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new ConnectException("The stored offset's " + name + " is not a text: " + value + ".");
  }
}
