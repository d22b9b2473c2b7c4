package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test's own thread is the worker's. */
class WorkerWatchTest {

  private volatile long steady = 5_000;
  private final WorkerWatch watch = new WorkerWatch("test", 1_000, () -> new Moment(0, steady));

  /** A look when so much time has passed since the last; whether it interrupted the worker. */
  private boolean interruptsAfter(long ms) {
    steady += ms;
    watch.look();
    return Thread.interrupted();
  }

  @AfterEach
  void leaveNoInterruptToOtherTests() {
    Thread.interrupted();
  }

  @Test
  void aWorkerIsInterruptedOnceItsTimeIsOverAndNoSooner() {
    watch.given();

    assertFalse(interruptsAfter(999));
    assertTrue(interruptsAfter(1));
  }

  @Test
  void itIsInterruptedAgainWhereTheFirstInterruptWasSwallowed() {
    watch.given();

    assertTrue(interruptsAfter(1_000));
    assertTrue(interruptsAfter(1));
  }

  @Test
  void theNextPollFailsWithTheReasonAndWithNoInterruptLeftOver() {
    watch.given();
    steady += 1_000;
    watch.look();

    String reason = assertThrows(ConnectException.class, watch::asked).getMessage();
    assertTrue(reason.contains("feed test for 1000 ms (worker.timeout.ms)"), reason);
    assertFalse(Thread.interrupted());
  }

  @Test
  void theReasonShowsWhereTheWorkerStood() {
    watch.given();
    interruptsAfter(1_000);

    StackTraceElement[] stack = assertThrows(ConnectException.class, watch::asked).getStackTrace();
    assertTrue(Arrays.stream(stack).anyMatch(f -> f.getMethodName().equals("interruptsAfter")));
  }

  @Test
  void aWorkerThatHasWrittenAllMayStayAway() {
    watch.given();
    watch.written();

    assertFalse(interruptsAfter(3_600_000));
    assertDoesNotThrow(watch::asked);
  }

  @Test
  void aWorkerThatWaitsForRecordsIsNotLate() {
    watch.given();
    watch.asked();

    assertFalse(interruptsAfter(3_600_000));
  }

  @Test
  void itsTimeBeginsAnewWithEveryPoll() {
    watch.given();
    steady += 900;
    watch.asked();
    watch.given();

    assertFalse(interruptsAfter(999));
    assertTrue(interruptsAfter(1));
  }

  @Test
  void nobodyIsInterruptedOnceTheTaskIsOver() {
    watch.given();
    steady += 1_000;
    watch.look();
    watch.end();

    assertFalse(Thread.interrupted());
    assertFalse(interruptsAfter(1_000));
  }

  @Test
  void itLooksByItselfUntilTheTaskIsOver() throws Exception {
    Thread looking = new Thread(watch);
    looking.start();
    watch.given();
    steady += 1_000;
    // As a converter that waits for an answer.
    assertThrows(InterruptedException.class, () -> Await.until("an answer comes", () -> false));

    watch.end();
    looking.join(20_000);
    assertEquals(Thread.State.TERMINATED, looking.getState());
  }
}
