package org.ratehouse.connect.websocket;

/**
 * One connection, from the first attempt to its end. It tells what happened through its signals,
 * the last of which is Closed or NotOpened and comes for certain.
 */
interface FeedLink {

  /** The next signal, waiting up to so many milliseconds; null when none came. */
  FeedSignal take(long waitMs) throws InterruptedException;

  /** Ends the connection at once; what came before is still taken, then Closed with this reason. */
  void abort(String reason);

  /** Says good-bye to the server, within a short time, and ends the connection. */
  void close();
}
