package org.ratehouse.connect.websocket;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a task begins with.
 *
 * @param left what it has to tell for former tasks before anything else
 * @param state its own
 */
record TaskStart(List<FormerTasks.Left> left, FeedState state) {

  /**
   * @param offsets that are stored, of all tasks of the feed, by task
   */
  static TaskStart of(FeedOptions options, Map<Integer, FeedOffset> offsets, Moment now) {
    List<FormerTasks.Left> left = FormerTasks.left(options, offsets, now);
    // What is told for a former task is not missed by this one too.
    Map<Integer, FeedOffset> then = new TreeMap<>(offsets);
    left.forEach(former -> then.put(former.task(), former.offset()));
    TakeOver takeOver = new TakeOver(then, options, now);
    FeedState state = new FeedState(options);
    state.begin(now);
    FeedOffset own = offsets.get(options.taskIndex());
    if (own != null) {
      state.resume(own.withMoved(takeOver.untaken(options.taskIndex())), now);
    }
    state.takeOver(takeOver.since(), now);
    return new TaskStart(left, state);
  }
}
