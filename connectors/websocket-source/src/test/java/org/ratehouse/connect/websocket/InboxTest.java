package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {

  private static final FeedSignal FRAME = new FeedSignal.Frame("x", 1);
  private static final long PLENTY = 1L << 30;

  private static Inbox open(long maxBytes) {
    Inbox inbox = new Inbox(maxBytes);
    inbox.begin(new FeedSignal.Opened(1, List.of()));
    return inbox;
  }

  @Test
  void nothingIsAskedForBeforeTheConnectionIsOpen() {
    Inbox inbox = new Inbox(PLENTY);
    assertEquals(0, inbox.settle());

    inbox.begin(new FeedSignal.Opened(1, List.of()));
    assertTrue(inbox.settle() > 0);
  }

  @Test
  void noMoreMessagesWaitThanTheLimitHoweverSmallTheyAre() throws Exception {
    Inbox inbox = open(PLENTY);
    int credit = inbox.settle();
    int delivered = 0;
    while (credit > 0) {
      credit += inbox.message(FRAME, 1) - 1;
      delivered++;
      assertTrue(delivered <= 1_024);
    }

    assertEquals(delivered + 1, inbox.take(0).size());
    assertTrue(inbox.settle() > 0);
  }

  @Test
  void noMoreBytesWaitThanTheLimitAndAFewParts() throws Exception {
    int frame = 100_000;
    long limit = 1_000_000;
    Inbox inbox = open(limit);
    inbox.take(0);
    int credit = inbox.settle();
    long waiting = 0;
    while (credit > 0) {
      credit += inbox.message(FRAME, frame) - 1;
      waiting += frame;
      // As many were out as would fit if all were of the JDK's size.
      assertTrue(waiting <= limit / (16 * 1024) * frame + limit, "" + waiting);
    }

    inbox.take(0);
    assertTrue(inbox.settle() > 0);
  }

  @Test
  void whatIsInSomebodysHandsStillCounts() throws Exception {
    Inbox inbox = open(100_000);
    inbox.take(0);
    assertEquals(6, inbox.settle());
    for (int i = 0; i < 4; i++) {
      inbox.message(FRAME, 30_000);
    }
    inbox.take(0);
    assertEquals(0, inbox.message(FRAME, 30_000));

    assertTrue(inbox.settle() > 0);
  }

  @Test
  void aFrameLargerThanTheLimitStillComesToItsEnd() throws Exception {
    Inbox inbox = open(50_000);
    inbox.take(0);
    int credit = inbox.settle();
    for (int part = 0; part < 100; part++) {
      assertTrue(credit > 0, "part " + part);
      credit += inbox.part(16 * 1024) - 1;
    }
    assertTrue(credit > 0);
    inbox.message(FRAME, 1);

    assertEquals(List.of(FRAME), inbox.take(0));
  }

  @Test
  void moreIsAskedForInLargeSteps() throws Exception {
    Inbox inbox = open(PLENTY);
    int credit = inbox.settle();
    int requests = 0;
    for (int i = 0; i < 10_000; i++) {
      inbox.take(0);
      int more = inbox.settle() + inbox.message(FRAME, 1);
      requests += more > 0 ? 1 : 0;
      credit += more - 1;
      assertTrue(credit > 0);
    }

    assertTrue(requests <= 10_000 / 256, requests + " requests");
  }

  @Test
  void theLastSignalIsTheLast() throws Exception {
    Inbox inbox = open(PLENTY);
    inbox.end("first");
    inbox.end("second");
    inbox.message(FRAME, 1);

    List<FeedSignal> signals = inbox.take(0);
    assertEquals(2, signals.size());
    assertEquals("first", ((FeedSignal.Closed) signals.get(1)).reason());
  }

  @Test
  void anEndBeforeTheBeginningMeansThatItDidNotOpen() throws Exception {
    Inbox inbox = new Inbox(PLENTY);
    inbox.end("why");

    assertFalse(inbox.begin(new FeedSignal.Opened(1, List.of())));
    assertEquals(List.of(new FeedSignal.NotOpened("why", false)), inbox.take(0));
  }

  @Test
  void whatComesAfterSomethingThatHasBegunWaitsUntilItIsDone() throws Exception {
    Inbox inbox = open(PLENTY);
    inbox.message(FRAME, 1);
    long first = inbox.reserve();
    inbox.message(FRAME, 1);
    long second = inbox.reserve();
    assertEquals(2, inbox.take(0).size());
    assertEquals(0, inbox.take(0).size());

    FeedSignal done = new FeedSignal.Resubscribed(List.of("A"), 1);
    inbox.fill(second, done);
    assertEquals(0, inbox.take(0).size());
    inbox.fill(first, done);
    assertEquals(List.of(done, FRAME, done), inbox.take(0));
  }

  @Test
  void theEndDoesNotWaitForWhatIsNotDone() throws Exception {
    Inbox inbox = open(PLENTY);
    long place = inbox.reserve();
    inbox.message(FRAME, 1);
    inbox.end("over");
    inbox.fill(place, FRAME);

    assertEquals(3, inbox.take(0).size());
  }
}
