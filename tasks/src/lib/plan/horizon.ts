/** How far the lake has come in one partition of topic trades, and what Kafka holds beyond. */
export interface PartitionFacts {
  readonly partition: number;
  /** The last record that the lake holds of it; undefined when it holds none. */
  readonly last: { readonly offset: number; readonly timestamp: number } | undefined;
  /** The time of the first committed record beyond it, epoch ms; undefined when there is none. */
  readonly next: number | undefined;
  /** Records beyond it whose transactions had neither been committed nor aborted: their times are not known. */
  readonly undecided: number;
}

/**
 * The time, epoch ms, up to which every partition's trades are in the lake; undefined when that is not known for any time.
 * By offsets and the times of records alone, never by the clock:
 *
 * - a partition with records beyond the lake's last one bounds it by the first of them;
 * - one whose end has been reached does not, so an idle partition holds nobody up;
 * - nothing is known after the newest record that had been seen before the ends were taken.
 *
 * A trade that comes later with an earlier time is late: it touches its minute anew for the next run.
 *
 * @param newest of trades in the lake and of feed-events, read before the ends of trades
 */
export function horizonOf(partitions: readonly PartitionFacts[], newest: number | undefined): number | undefined {
  let horizon = newest ?? Infinity;
  for (const { last, next, undecided } of partitions) {
    if (next !== undefined) horizon = Math.min(horizon, next);
    // Times do not go back in a partition by more than what makes a trade late.
    else if (undecided > 0) horizon = Math.min(horizon, last?.timestamp ?? -Infinity);
  }
  return Number.isFinite(horizon) ? horizon : undefined;
}
