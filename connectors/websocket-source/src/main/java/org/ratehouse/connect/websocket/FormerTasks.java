package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tasks left that are no more, for the feed has fewer tokens than before: their connections
 * are closed and their gaps told, by the first task. It is written with the former task's own
 * partition and a last offset, so that it is told once, in one transaction with what it says.
 */
final class FormerTasks {

  private static final Logger LOG = LoggerFactory.getLogger(FormerTasks.class);
  private static final String REASON = "the task is no more: the feed has fewer tokens";

  /** What one of them left to tell, and its offset once that is told. */
  record Left(int task, List<FeedOutput> outputs, FeedOffset offset) {}

  private FormerTasks() {}

  /**
   * What the first task has to tell for all of them; empty when that is nothing, or for another.
   *
   * @param offsets of all tasks
   */
  static List<Left> left(FeedOptions options, Map<Integer, FeedOffset> offsets, Moment now) {
    List<Left> left = new ArrayList<>();
    if (options.taskIndex() == 0) {
      TakeOver takeOver = new TakeOver(offsets, options, now);
      offsets.forEach(
          (task, offset) -> {
            if (task >= options.taskCount()) {
              left.add(retired(options, task, offset, takeOver, now));
            }
          });
    }
    return left.stream().filter(former -> !former.outputs().isEmpty()).toList();
  }

  private static Left retired(
      FeedOptions options, int task, FeedOffset offset, TakeOver takeOver, Moment now) {
    FeedState state = new FeedState(options.withoutShare());
    state.resume(offset.withMoved(takeOver.untaken(task)), REASON, now);
    state.nothingWanted(now);
    List<FeedOutput> outputs = state.takeOutputs();
    if (!outputs.isEmpty()) {
      LOG.info(
          "Feed {} tells what its former task {} left on connection {}.",
          options.feed(),
          task,
          offset.connectionId());
    }
    return new Left(task, outputs, state.offset());
  }
}
