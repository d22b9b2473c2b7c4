package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WantedSymbolsTest {

  private long wall = 1_000_000;
  private long steady;
  private final WantedSymbols symbols = new WantedSymbols(this::now);

  private Moment now() {
    return new Moment(wall, steady);
  }

  private void pass(long millis) {
    wall += millis;
    steady += millis;
  }

  @BeforeEach
  void begin() {
    symbols.begin(List.of("A", "B"));
  }

  @Test
  void whatIsWantedBeforeTheBeginningIsNotForgotten() {
    WantedSymbols early = new WantedSymbols(this::now);
    early.want(List.of("C"));
    early.begin(List.of("A"));

    assertEquals(List.of("C"), early.subscribe().symbols());
  }

  @Test
  void aChangeIsWhatDiffersFromTheConnectionAndIsToldOnce() {
    symbols.subscribe();
    symbols.want(List.of("B", "C", "D"));

    Wanted added = Wanted.at(List.of("C", "D"), 1_000_000);
    assertEquals(new WantedSymbols.Change(added, List.of("A")), symbols.takeChange());
    assertNull(symbols.takeChange());
    assertEquals(List.of("B", "C", "D"), symbols.subscribed().symbols());
  }

  @Test
  void anotherOrderIsNoChange() {
    symbols.subscribe();
    symbols.want(List.of("B", "A"));

    assertNull(symbols.takeChange());
  }

  @Test
  void aNewConnectionHasWhatWasWantedLast() {
    symbols.want(List.of("C"));
    symbols.want(List.of("D"));

    assertEquals(List.of("D"), symbols.subscribe().symbols());
    assertNull(symbols.takeChange());
  }

  @Test
  void aSymbolIsWantedSinceItWasNamedHoweverMuchLaterItIsAskedFor() {
    pass(5);
    symbols.want(List.of("B", "C"));
    pass(600_000);
    symbols.want(List.of("C", "B", "D"));
    pass(600_000);

    Map<String, Long> since = Map.of("B", 1_000_000L, "C", 1_000_005L, "D", 1_600_005L);
    assertEquals(since, symbols.subscribe().since());
    assertEquals(since, symbols.subscribed().since());
  }

  @Test
  void aSymbolThatIsAddedToAConnectionIsWantedSinceItWasNamedToo() {
    symbols.subscribe();
    symbols.want(List.of("A", "B", "C"));
    pass(600_000);

    assertEquals(Wanted.at(List.of("C"), 1_000_000), symbols.takeChange().added());
  }

  @Test
  void aSymbolThatWasGivenUpIsWantedSinceItWasNamedAgain() {
    symbols.want(List.of("B"));
    pass(600_000);
    symbols.want(List.of("A"));

    assertEquals(Map.of("A", 1_600_000L), symbols.subscribe().since());
  }

  @Test
  void aClockThatIsSetBackDoesNotMakeASymbolWantedLater() {
    pass(600_000);
    wall -= 3_600_000;
    assertEquals(1_000_000L - 3_600_000, symbols.subscribe().since().get("A"));

    wall += 7_200_000;
    assertEquals(1_000_000L, symbols.subscribe().since().get("A"));
  }
}
