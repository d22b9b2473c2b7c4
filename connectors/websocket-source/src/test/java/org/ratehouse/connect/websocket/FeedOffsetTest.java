package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedOffsetTest {

  private static final FeedOffset OFFSET =
      new FeedOffset(
          1_000,
          new Counts(9, 7, 1, 1),
          500L,
          List.of("A", "b\"\u00e9"),
          Map.of("b\"\u00e9", 400L),
          Map.of("C", 300L),
          TradeIds.Snapshot.of(new TreeMap<>(Map.of("A", 12L))),
          false,
          600L,
          3L);

  @Test
  void whatConnectStoresIsReadBack() {
    FeedOffset read = FeedOffset.fromMap(OFFSET.toMap());

    assertEquals(OFFSET.toMap(), read.toMap());
    assertEquals(OFFSET.symbols(), read.symbols());
    assertEquals(OFFSET.openGaps(), read.openGaps());
    assertEquals(OFFSET.moved(), read.moved());
    assertEquals(OFFSET.tasks(), read.tasks());
    assertEquals(Map.of("A", 12L), read.lastIds().toMap());
    assertEquals(OFFSET.counts(), read.counts());
    assertNull(FeedOffset.fromMap(null));
  }

  @Test
  void anOffsetFromBeforeAFeedsTasksKnewOfEachOtherIsRead() {
    Map<String, Object> older = new HashMap<>(OFFSET.toMap());
    older.keySet().removeAll(List.of("moved", "tasks"));
    FeedOffset read = FeedOffset.fromMap(older);

    assertEquals(Map.of(), read.moved());
    assertNull(read.tasks());
    assertEquals(OFFSET.symbols(), read.symbols());
  }

  @Test
  void connectTakesNothingButNumbersTextsAndTruthValues() {
    for (Object value : OFFSET.toMap().values()) {
      assertTrue(
          value instanceof Long || value instanceof String || value instanceof Boolean,
          value.getClass().getName());
    }
  }

  @Test
  void theFirstTaskKeepsThePartitionOfAFeedWithOne() {
    assertEquals(Map.of("feed", "f"), FeedOffset.partition("f", 0));
    assertEquals(Map.of("feed", "f", "task", "3"), FeedOffset.partition("f", 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "symbols|{}",
        "symbols|[1]",
        "symbols|[\"A\"",
        "symbols|",
        "open_gaps|[]",
        "open_gaps|{\"A\":\"1\"}",
        "open_gaps|{\"A\":1.5}",
        "moved|{\"A\":null}",
        "last_ids|{\"A\":99999999999999999999}"
      })
  void anOffsetThatIsNotItsOwnIsRefusedByTheNameOfWhatIsWrong(String name, String text) {
    Map<String, Object> map = new HashMap<>(OFFSET.toMap());
    map.put(name, text == null ? "" : text);

    ConnectException refusal = assertThrows(ConnectException.class, () -> FeedOffset.fromMap(map));
    assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"connection_id,", "trades,", "symbols,7", "live_as_of,soon"})
  void aMissingOrForeignValueIsRefused(String name, String value) {
    Map<String, Object> map = new HashMap<>(OFFSET.toMap());
    map.remove(name);
    if (value != null) {
      map.put(name, value.equals("7") ? (Object) 7L : value);
    }

    assertThrows(ConnectException.class, () -> FeedOffset.fromMap(map));
  }
}
