package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tasks left that are no more, for the feed has fewer tokens than before: their connections
 * are closed and their gaps told, by the first task. Each of these records has the former task's
 * own partition and a last offset, so that it is told once, in one transaction with what it says.
 */
final class FormerTasks {

  private static final Logger LOG = LoggerFactory.getLogger(FormerTasks.class);
  private static final String REASON = "the task is no more: the feed has fewer tokens";

  private FormerTasks() {}

  /** The records for all of them; empty when nothing is left to tell. */
  static List<SourceRecord> records(FeedOptions options, OffsetStorageReader offsets, Moment now) {
    if (options.taskIndex() != 0) {
      return List.of();
    }
    Map<Map<String, String>, Integer> tasks = new LinkedHashMap<>();
    IntStream.range(options.taskCount(), Tokens.MOST)
        .forEach(task -> tasks.put(FeedOffset.partition(options.feed(), task), task));
    Map<Map<String, String>, Map<String, Object>> found = offsets.offsets(tasks.keySet());
    List<SourceRecord> records = new ArrayList<>();
    tasks.forEach(
        (partition, task) -> {
          FeedOffset left = FeedOffset.fromMap(found.get(partition));
          if (left != null) {
            records.addAll(records(options, task, left, now));
          }
        });
    return records;
  }

  private static List<SourceRecord> records(
      FeedOptions options, int task, FeedOffset left, Moment now) {
    FeedState state = new FeedState(options);
    state.retire(left, REASON, now);
    List<FeedOutput> outputs = state.takeOutputs();
    if (!outputs.isEmpty()) {
      LOG.info(
          "Feed {} tells what its former task {} left on connection {}.",
          options.feed(),
          task,
          left.connectionId());
    }
    return new FeedRecords(options, task).of(outputs, state.offset());
  }
}
