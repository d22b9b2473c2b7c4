package org.ratehouse.connect.clickhouse;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Topics of which nothing is polled because their table is slower than they are. */
final class PausedTopics {
  private final Set<String> paused = new HashSet<>();

  void set(SinkTaskContext context, String topic, boolean pause) {
    if (pause) {
      // Again each time, for partitions may have come since.
      paused.add(topic);
      context.pause(partitions(context, topic));
    } else if (paused.remove(topic)) {
      context.resume(partitions(context, topic));
    }
  }

  private static TopicPartition[] partitions(SinkTaskContext context, String topic) {
    return context.assignment().stream()
        .filter(partition -> partition.topic().equals(topic))
        .toArray(TopicPartition[]::new);
  }
}
