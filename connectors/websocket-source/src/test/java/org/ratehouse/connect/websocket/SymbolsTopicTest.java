package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolsTopicTest {

  private static final String TOPIC = "feed-symbols";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final MockConsumer<String, String> kafka = new MockConsumer<>("earliest");
  private final BlockingQueue<List<String>> changes = new LinkedBlockingQueue<>();
  private final FeedOptions options =
      TestOptions.options(
          "feed.symbols", "",
          "feed.symbols.topic", TOPIC,
          "feed.symbols.bootstrap.servers", "127.0.0.1:1");
  private long written;
  private SymbolsTopic topic;

  @AfterEach
  void close() {
    if (topic != null) {
      topic.close();
    }
  }

  /** A topic of one partition that holds these values under the feed's name. */
  private void holding(String... values) {
    partitions(1);
    kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
    kafka.updateEndOffsets(Map.of(PARTITION, (long) values.length));
    kafka.schedulePollTask(() -> List.of(values).forEach(value -> write("test", value)));
  }

  private void partitions(int count) {
    kafka.updatePartitions(
        TOPIC,
        IntStream.range(0, count)
            .mapToObj(i -> new PartitionInfo(TOPIC, i, null, null, null))
            .toList());
  }

  private void write(String key, String value) {
    kafka.addRecord(new ConsumerRecord<>(TOPIC, 0, written++, key, value));
  }

  private void later(String key, String value) {
    kafka.schedulePollTask(() -> write(key, value));
  }

  private SymbolsTopic open() {
    topic = SymbolsTopic.open(options, changes::add, () -> kafka);
    return topic;
  }

  private String refusal() {
    return assertThrows(ConnectException.class, this::open).getMessage();
  }

  private List<String> nextChange() throws Exception {
    Await.until("a change is told", () -> !changes.isEmpty());
    return changes.take();
  }

  @Test
  void theNewestRecordOfTheFeedNamesItsSymbols() {
    partitions(1);
    kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
    kafka.updateEndOffsets(Map.of(PARTITION, 3L));
    kafka.schedulePollTask(() -> write("test", "[\"A\"]"));
    kafka.schedulePollTask(() -> write("test", "[\"B\",\"C\"]"));
    kafka.schedulePollTask(() -> write("other", "[\"X\"]"));

    assertEquals(List.of("B", "C"), open().first());
  }

  @Test
  void aChangeIsToldAndOnlyAChange() throws Exception {
    holding("[\"A\"]");
    open();
    later("test", "[\"A\"]");
    later("other", "[\"X\"]");
    later("test", "[\"A\",\"B\",\"A\"]");

    assertEquals(List.of("A", "B"), nextChange());
    later("test", "[\"B\"]");
    assertEquals(List.of("B"), nextChange());
    assertEquals(List.of("A"), topic.first());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "A,B", "{}", "[]", "[\"A\"", "[\"A\",1]", "[\"A\",\" \"]", "[\"A\"] [\"B\"]"})
  void aValueThatCannotBeUsedLeavesTheSymbolsOfBefore(String value) throws Exception {
    holding("[\"A\"]", value);
    assertEquals(List.of("A"), open().first());
    later("test", value);
    later("test", null);
    later("test", "[\"B\"]");

    assertEquals(List.of("B"), nextChange());
    topic.check();
  }

  @Test
  void aTopicWithoutARecordOfTheFeedSaysWhatToWrite() {
    partitions(1);
    kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
    kafka.updateEndOffsets(Map.of(PARTITION, 1L));
    kafka.schedulePollTask(() -> write("other", "[\"X\"]"));

    String message = refusal();
    assertTrue(message.contains("names no symbols for feed test"), message);
    assertTrue(message.contains("with the key test"), message);
    assertTrue(kafka.closed());
  }

  @Test
  void aFirstRecordThatCannotBeUsedIsToldWithTheReason() {
    holding("{}");

    assertTrue(refusal().contains("It is not a JSON array of symbols"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aTopicOfAnotherShapeIsRefused(int count) {
    partitions(count);

    assertTrue(refusal().contains("must have one partition and has " + count));
  }

  @Test
  void whenTheTopicCannotBeReadAnyLongerTheTaskLearnsIt() throws Exception {
    holding("[\"A\"]");
    open().check();
    kafka.setPollException(new AuthorizationException("Not authorized"));

    Await.until(
        "the check fails",
        () -> {
          try {
            topic.check();
            return false;
          } catch (ConnectException e) {
            assertTrue(e.getMessage().contains("Not authorized"), e.getMessage());
            return true;
          }
        });
    assertTrue(kafka.closed());
  }

  @Test
  void aTaskThatCannotTakeTheSymbolsFailsToo() throws Exception {
    holding("[\"A\"]");
    topic =
        SymbolsTopic.open(
            options,
            symbols -> {
              throw new IllegalStateException("no reader");
            },
            () -> kafka);
    later("test", "[\"B\"]");

    Await.until("the consumer is closed", kafka::closed);
    assertTrue(
        assertThrows(ConnectException.class, topic::check).getMessage().contains("no reader"));
  }

  @Test
  void closingEndsItWithoutAFailure() {
    holding("[\"A\"]");
    open().close();

    assertTrue(kafka.closed());
    topic.check();
  }

  @Test
  void aSymbolThatCannotBeTheVenuesIsNotTaken() {
    FeedOptions binance = TestOptions.options("feed.venue", "binance");

    assertTrue(
        assertThrows(
                SymbolsRecord.Unusable.class, () -> SymbolsRecord.read("[\"btcusdt\"]", binance))
            .getMessage()
            .contains("not like btcusdt"));
  }

  @Test
  void eachTaskNeedsASymbol() {
    FeedOptions ofTwo =
        TestOptions.options(
            "feed.token", "one,two",
            "feed.symbols", "",
            "feed.symbols.topic", TOPIC,
            "feed.symbols.bootstrap.servers", "127.0.0.1:1");

    assertEquals(
        "It names 1 symbols for 2 tasks, and each needs one.",
        assertThrows(SymbolsRecord.Unusable.class, () -> SymbolsRecord.read("[\"A\"]", ofTwo))
            .getMessage());
  }
}
