package org.ratehouse.connect.websocket;

import java.util.List;

/** What the state wants done to the connection; whoever drives it does so. */
sealed interface FeedRequest {

  /** End the connection at once, and make another. */
  record Abort(String reason) implements FeedRequest {}

  /** Subscribe once more to symbols that fell silent. */
  record Resubscribe(List<String> symbols) implements FeedRequest {}

  /** Make another connection while this one still runs, and go over to it without a gap. */
  record HandOver(String reason) implements FeedRequest {}
}
