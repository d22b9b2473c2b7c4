package org.ratehouse.connect.websocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real WebSocket server for each test, and a task that is stopped before it. */
abstract class TaskAndVenueTest {

  VenueServer venue;
  TaskDriver driver;

  @BeforeEach
  void startVenue() throws Exception {
    venue = VenueServer.running();
  }

  @AfterEach
  void stopAll() throws Exception {
    if (driver != null) {
      driver.close();
    }
    venue.close();
  }
}
