package org.ratehouse.connect.websocket;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The symbols of a feed as a topic names them: those of the newest record under the feed's name. A
 * thread of its own reads on, and tells of every change. What cannot be used is logged, and the
 * symbols of before stay.
 */
final class SymbolsTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SymbolsTopic.class);
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final long READ_TO_END_MS = 30_000;
  private static final long CLOSE_MS = 5_000;

  private final FeedOptions options;
  private final Consumer<String, String> consumer;
  private final java.util.function.Consumer<List<String>> onChange;
  private final TopicPartition partition;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Throwable death;
  private List<String> first;
  private List<String> current;
  private String refusal;

  private SymbolsTopic(
      FeedOptions options,
      Consumer<String, String> consumer,
      java.util.function.Consumer<List<String>> onChange) {
    this.options = options;
    this.consumer = consumer;
    this.onChange = onChange;
    this.partition = new TopicPartition(options.symbolsTopic(), 0);
    this.thread =
        new Thread(
            this::follow, "feed-symbols-%s-%d".formatted(options.feed(), options.taskIndex()));
    this.thread.setDaemon(true);
  }

  /**
   * Reads the topic to its end and goes on reading in the background.
   *
   * @param onChange is given all symbols of the feed, not this task's share, whenever they have
   *     become others; from the thread that reads
   * @throws ConnectException when the topic cannot be read or says nothing that can be used
   */
  static SymbolsTopic open(
      FeedOptions options, java.util.function.Consumer<List<String>> onChange) {
    return open(options, onChange, () -> consumer(options));
  }

  static SymbolsTopic open(
      FeedOptions options,
      java.util.function.Consumer<List<String>> onChange,
      Supplier<Consumer<String, String>> consumers) {
    SymbolsTopic topic;
    try {
      topic = new SymbolsTopic(options, consumers.get(), onChange);
    } catch (KafkaException e) {
      throw new ConnectException(
          "No consumer for the topic %s of symbols can be made: check %s and what stands under %s."
              .formatted(
                  options.symbolsTopic(),
                  FeedConfig.FEED_SYMBOLS_BOOTSTRAP_SERVERS,
                  FeedConfig.FEED_SYMBOLS_CONSUMER_PREFIX),
          e);
    }
    try {
      topic.readToEnd();
    } catch (RuntimeException e) {
      topic.consumer.close();
      throw e;
    }
    topic.thread.start();
    return topic;
  }

  private static Consumer<String, String> consumer(FeedOptions options) {
    Map<String, Object> config = new HashMap<>(options.symbolsConsumer());
    config.putIfAbsent(
        ConsumerConfig.CLIENT_ID_CONFIG,
        "feed-symbols-%s-%d".formatted(options.feed(), options.taskIndex()));
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private void readToEnd() {
    long deadline = System.nanoTime() + READ_TO_END_MS * 1_000_000;
    Duration limit = Duration.ofMillis(READ_TO_END_MS);
    try {
      List<PartitionInfo> partitions = consumer.partitionsFor(options.symbolsTopic(), limit);
      if (partitions == null || partitions.size() != 1) {
        throw new ConnectException(
            ("The topic %s of symbols must have one partition and has %d. Create it with one,"
                    + " compacted, and write the symbols of feed %s to it.")
                .formatted(
                    options.symbolsTopic(),
                    partitions == null ? 0 : partitions.size(),
                    options.feed()));
      }
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition), limit).get(partition);
      while (consumer.position(partition, limit) < end) {
        if (System.nanoTime() > deadline) {
          throw new ConnectException(
              ("The topic %s of symbols could not be read to its end within %d s: at offset %d"
                      + " of %d. Is Kafka well?")
                  .formatted(
                      options.symbolsTopic(),
                      READ_TO_END_MS / 1_000,
                      consumer.position(partition, limit),
                      end));
        }
        consumer.poll(TURN).forEach(this::take);
      }
    } catch (KafkaException e) {
      throw new ConnectException(
          "The topic %s of symbols cannot be read: %s"
              .formatted(options.symbolsTopic(), e.getMessage()),
          e);
    }
    if (current == null) {
      throw new ConnectException(
          ("The topic %s names no symbols for feed %s%s. Write a record with the key %s, whose"
                  + " value is a JSON array such as [\"A\",\"B\"].")
              .formatted(
                  options.symbolsTopic(),
                  options.feed(),
                  refusal == null ? "" : " (the newest record cannot be used: " + refusal + ")",
                  options.feed()));
    }
    first = current;
  }

  /** True when the record names other symbols than the one before. */
  private boolean take(ConsumerRecord<String, String> record) {
    if (!options.feed().equals(record.key())) {
      return false;
    }
    try {
      List<String> named = SymbolsRecord.read(record.value(), options);
      boolean differs = !named.equals(current);
      current = named;
      return differs;
    } catch (SymbolsRecord.Unusable e) {
      refusal = e.getMessage();
      LOG.warn(
          ("The record at offset {} of topic {} cannot be used, and feed {} keeps its symbols"
              + " {}: {}"),
          record.offset(),
          options.symbolsTopic(),
          options.feed(),
          current,
          e.getMessage());
      return false;
    }
  }

  private void follow() {
    try (consumer) {
      while (!closed) {
        turn();
      }
    } catch (WakeupException e) {
      if (!closed) {
        death = e;
      }
    } catch (RuntimeException | Error e) {
      if (!closed) {
        death = e;
      }
    }
  }

  private void turn() {
    boolean changed = false;
    try {
      for (ConsumerRecord<String, String> record : consumer.poll(TURN)) {
        changed |= take(record);
      }
    } catch (RetriableException e) {
      LOG.warn("Topic {} of symbols: {}; reading on.", options.symbolsTopic(), e.getMessage());
    }
    if (changed) {
      LOG.info(
          "Topic {} names new symbols for feed {}: {}.",
          options.symbolsTopic(),
          options.feed(),
          current);
      onChange.accept(current);
    }
  }

  /** All symbols of the feed as the topic named them when it was opened. */
  List<String> first() {
    return first;
  }

  /** Throws ConnectException when the topic is no longer read; to be called now and then. */
  void check() {
    Throwable cause = death;
    if (cause != null) {
      throw new ConnectException(
          "The topic %s of symbols is no longer read: %s. Restart the task of feed %s."
              .formatted(options.symbolsTopic(), Objects.toString(cause), options.feed()),
          cause);
    }
  }

  /** Ends the thread, waiting a few seconds for it at most. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
