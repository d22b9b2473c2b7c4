package org.ratehouse.connect.websocket;

import java.util.concurrent.Callable;

/** Waits for a condition, with a deadline that only a failure reaches. */
final class Await {

  private static final long DEADLINE_MS = 20_000;

  private Await() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + DEADLINE_MS * 1_000_000;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("In " + DEADLINE_MS + " ms it did not come about that " + what);
      }
      Thread.sleep(5);
    }
  }
}
