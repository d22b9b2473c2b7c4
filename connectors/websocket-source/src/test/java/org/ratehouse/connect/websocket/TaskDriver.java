package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Runs a task as a worker would, and keeps its records. */
final class TaskDriver {

  final WebSocketSourceTask task = new WebSocketSourceTask();
  final List<SourceRecord> records = new ArrayList<>();

  /**
   * @param offset that is stored for the feed's first task; null for none
   */
  TaskDriver(Map<String, ?> offset, Map<String, String> properties) {
    this(new Context(properties, offsetsOf(properties, offset)));
  }

  private TaskDriver(Context context) {
    task.initialize(context);
    task.start(context.configs());
  }

  /** With what is stored, by partition. */
  static TaskDriver withOffsets(
      Map<Map<String, String>, Map<String, ?>> offsets, Map<String, String> properties) {
    return new TaskDriver(new Context(properties, offsets));
  }

  private static Map<Map<String, String>, Map<String, ?>> offsetsOf(
      Map<String, String> properties, Map<String, ?> offset) {
    return offset == null
        ? Map.of()
        : Map.of(FeedOffset.partition(properties.get("feed.name")), offset);
  }

  void pollUntil(String what, Callable<Boolean> condition) throws Exception {
    Await.until(
        what,
        () -> {
          List<SourceRecord> polled = task.poll();
          if (polled != null) {
            records.addAll(polled);
          }
          return condition.call();
        });
  }

  List<Struct> of(String topic) {
    return records.stream()
        .filter(record -> record.topic().equals(topic))
        .map(record -> (Struct) record.value())
        .toList();
  }

  List<Struct> trades() {
    return of("trades");
  }

  List<Struct> events(String kind) {
    return of("feed-events").stream().filter(event -> kind.equals(event.get("event"))).toList();
  }

  /** The gaps, without those of the first minutes, which every feed has. */
  List<Struct> gaps() {
    return events("gap").stream()
        .filter(gap -> !"the first minute is partial".equals(gap.get("reason")))
        .toList();
  }

  List<Struct> gapsOf(String symbol) {
    return gaps().stream().filter(gap -> gap.getArray("symbols").contains(symbol)).toList();
  }

  Map<String, ?> lastOffset() {
    return records.get(records.size() - 1).sourceOffset();
  }

  void close() {
    task.stop();
  }

  private record Context(
      Map<String, String> configs, Map<Map<String, String>, Map<String, ?>> offsets)
      implements SourceTaskContext {

    @Override
    public OffsetStorageReader offsetStorageReader() {
      return new OffsetStorageReader() {
        @Override
        @SuppressWarnings("unchecked")
        public <T> Map<String, Object> offset(Map<String, T> partition) {
          return (Map<String, Object>) offsets.get(partition);
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(
            Collection<Map<String, T>> partitions) {
          Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
          partitions.forEach(partition -> found.put(partition, offset(partition)));
          return found;
        }
      };
    }

    @Override
    public PluginMetrics pluginMetrics() {
      return null;
    }
  }
}
