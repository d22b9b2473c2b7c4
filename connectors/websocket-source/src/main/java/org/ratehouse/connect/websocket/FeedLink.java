package org.ratehouse.connect.websocket;

import java.util.List;

/**
 * One connection, from the first attempt to its end. It tells what happened through its signals,
 * the last of which is Closed or NotOpened and comes for certain. What is asked of a connection
 * that has ended has no effect.
 */
interface FeedLink {

  /** Makes links. */
  interface Maker {

    /**
     * Starts to connect, and returns at once.
     *
     * @param overlapping while another connection of the feed still runs
     */
    FeedLink open(Wanted wanted, boolean overlapping);
  }

  /**
   * All signals that wait, in their order, waiting up to so many milliseconds for the first; empty
   * when none came. To ask again says that what was given before is dealt with, so that the server
   * may be read further.
   */
  List<FeedSignal> take(long waitMs) throws InterruptedException;

  /** Subscribes to the added and from the removed symbols; SymbolsChanged comes when it is sent. */
  void change(Wanted added, List<String> removed);

  /** Subscribes once more; Resubscribed comes when it is sent. */
  void resubscribe(List<String> symbols);

  /**
   * Pings the server now; the pong that carries the returned number, or a higher one, says that all
   * the server had sent before is in. Only once it is open.
   */
  long ping();

  /** Ends the connection at once; what came before is still taken, then Closed with this reason. */
  void abort(String reason);

  /** Says good-bye to the server, within a second, and ends the connection. */
  void close();
}
