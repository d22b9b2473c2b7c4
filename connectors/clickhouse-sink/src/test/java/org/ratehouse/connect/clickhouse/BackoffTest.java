package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void the_wait_doubles_up_to_the_cap_and_starts_over_after_a_success() {
    Backoff backoff = new Backoff(100, 500, () -> 1);
    assertEquals(
        List.of(100L, 200L, 400L, 500L, 500L), Stream.generate(backoff::failed).limit(5).toList());
    backoff.succeeded();
    assertEquals(100, backoff.failed());
  }

  @Test
  void chance_shortens_a_wait_by_half_at_most() {
    assertEquals(50, new Backoff(100, 500, () -> 0).failed());
  }
}
