package org.ratehouse.connect.websocket;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import org.apache.kafka.common.config.ConfigDef;

/** Options that say how connections are made and watched, and how much waits in memory. */
final class ConnectionOptionGroups {

  /** More than a day of it would be forgotten before it ends. */
  private static final long DAY_MS = 86_400_000L;

  private ConnectionOptionGroups() {}

  static void connection(ConfigDef options) {
    new OptionGroup(options, "Connection")
        .number(
            FeedConfig.CONNECT_TIMEOUT_MS,
            "Time for an attempt (ms)",
            10_000,
            between(1, DAY_MS),
            LOW,
            "How long an attempt to connect may take.")
        .number(
            FeedConfig.CONNECT_RETRY_TIMEOUT_MS,
            "Time without a connection (ms)",
            600_000,
            atLeast(0),
            MEDIUM,
            "After how long without an open connection the task gives up and fails, with the last"
                + " reason; 0 for never. What a venue asks for by Retry-After is waited for no"
                + " longer than this.")
        .number(
            FeedConfig.BACKOFF_INITIAL_MS,
            "First back-off (ms)",
            500,
            between(1, DAY_MS),
            LOW,
            "The longest wait before the first attempt to connect again. It doubles with each, a"
                + " random part of it is waited (full jitter), and it begins anew once trades have"
                + " flowed.")
        .number(
            FeedConfig.BACKOFF_MAX_MS,
            "Longest back-off (ms)",
            30_000,
            between(1, DAY_MS),
            LOW,
            "The longest wait before any attempt to connect again.")
        .number(
            FeedConfig.CONNECTION_LIFE_MS,
            "Life of a connection (ms)",
            -1,
            atLeast(-1),
            LOW,
            "After how long a connection is handed over to another, without a gap, where the"
                + " venue's ids allow it; 0 for never, -1 for what the venue says.")
        .count(
            FeedConfig.FRAME_MAX_BYTES,
            "Largest frame (bytes)",
            4 * 1024 * 1024,
            atLeast(1024),
            LOW,
            "The largest frame, all its fragments together; a larger one ends the connection.");
  }

  static void watch(ConfigDef options) {
    new OptionGroup(options, "Watch")
        .number(
            FeedConfig.PING_INTERVAL_MS,
            "Ping interval (ms)",
            2_000,
            between(10, DAY_MS),
            LOW,
            "How often the server is pinged. A gap starts at most about this much too early.")
        .number(
            FeedConfig.PONG_TIMEOUT_MS,
            "Pong timeout (ms)",
            0,
            atLeast(0),
            MEDIUM,
            "After how long without a frame of any kind, pongs included, the connection counts as"
                + " dead and is made anew: for a feed that may be without trades for longer than a"
                + " watchdog would wait. 0 for never.")
        .number(
            FeedConfig.WATCHDOG_MS,
            "Watchdog of the connection (ms)",
            60_000,
            atLeast(0),
            MEDIUM,
            "After how long without a trade the connection counts as stalled and is made anew;"
                + " pings do not count. 0 for never.")
        .number(
            FeedConfig.WATCHDOG_SYMBOL_MS,
            "Watchdog of a symbol (ms)",
            300_000,
            atLeast(0),
            MEDIUM,
            "After how long without a trade a symbol that has had some is subscribed to once more,"
                + " with a gap for it; the wait doubles, up to 16 times, until it trades again. 0"
                + " for never.")
        .number(
            FeedConfig.COUNTS_INTERVAL_MS,
            "Counts interval (ms)",
            10_000,
            between(10, DAY_MS),
            LOW,
            "How often the counts of an open connection are written.")
        .number(
            FeedConfig.GAP_PADDING_MS,
            "Padding of a gap (ms)",
            1_000,
            between(0, DAY_MS),
            LOW,
            "How much a gap is widened at both ends, for the skew between our clock and the"
                + " venue's.")
        .number(
            FeedConfig.EVENT_TIME_TOLERANCE_MS,
            "Tolerance of event time (ms)",
            -1,
            atLeast(-1),
            LOW,
            "How far a trade's time may be from the time of its receipt, before it is refused; -1"
                + " for any distance.");
  }

  static void flow(ConfigDef options) {
    new OptionGroup(options, "Flow")
        .count(
            FeedConfig.QUEUE_MAX_TRADES,
            "Trades in the queue",
            20_000,
            atLeast(1),
            LOW,
            "How many trades wait in memory before the socket is no longer read.")
        .number(
            FeedConfig.QUEUE_MAX_BYTES,
            "Bytes in the queue",
            32L * 1024 * 1024,
            atLeast(1),
            LOW,
            "How many bytes of frames wait in memory before the socket is no longer read.")
        .count(
            FeedConfig.BATCH_MAX_TRADES,
            "Trades in a transaction",
            2_000,
            atLeast(1),
            LOW,
            "After how many trades a transaction ends; a frame is never divided.")
        .number(
            FeedConfig.WORKER_TIMEOUT_MS,
            "Time for the worker (ms)",
            900_000,
            between(1_000, DAY_MS),
            LOW,
            "How long the worker may take to convert and write what a poll returned, before the"
                + " task fails. The default is the longest that a transaction may take.");
  }
}
