package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WantedSymbolsTest {

  private final WantedSymbols symbols = new WantedSymbols();

  @BeforeEach
  void begin() {
    symbols.begin(List.of("A", "B"));
  }

  @Test
  void whatIsWantedBeforeTheBeginningIsNotForgotten() {
    WantedSymbols early = new WantedSymbols();
    early.want(List.of("C"));
    early.begin(List.of("A"));

    assertEquals(List.of("C"), early.subscribe());
  }

  @Test
  void aChangeIsWhatDiffersFromTheConnectionAndIsToldOnce() {
    symbols.subscribe();
    symbols.want(List.of("B", "C", "D"));

    assertEquals(new WantedSymbols.Change(List.of("C", "D"), List.of("A")), symbols.takeChange());
    assertNull(symbols.takeChange());
    assertEquals(List.of("B", "C", "D"), symbols.subscribed());
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

    assertEquals(List.of("D"), symbols.subscribe());
    assertNull(symbols.takeChange());
  }
}
