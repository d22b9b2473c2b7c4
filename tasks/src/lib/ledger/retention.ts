interface Identity {
  readonly connection: number;
  readonly sequence: number;
}

/**
 * Where a topic begins, for each feed. A topic that retention has cut off does not hold all identities any more: what
 * comes before the first record that it still holds of a feed is gone, what comes after is there, for a feed's records are in order.
 * State: one identity for each feed and partition.
 */
export class TopicBeginning {
  private readonly first = new Map<number, Map<string, Identity>>();
  private readonly firstTimestamp = new Map<number, number>();

  record(feed: string, connection: number, sequence: number, partition: number, timestamp: number): void {
    let feeds = this.first.get(partition);
    if (feeds === undefined) {
      this.first.set(partition, (feeds = new Map<string, Identity>()));
      this.firstTimestamp.set(partition, timestamp);
    }
    if (!feeds.has(feed)) feeds.set(feed, { connection, sequence });
  }

  /** The sequence from which on a connection's records are all held, given the partitions that were cut off. */
  heldFrom(feed: string, connection: number, cutOff: ReadonlySet<number>): number {
    let from = 1;
    for (const partition of cutOff) {
      const first = this.first.get(partition)?.get(feed);
      if (first === undefined || connection < first.connection) return Infinity;
      if (connection === first.connection) from = Math.max(from, first.sequence);
    }
    return from;
  }

  /** Whether all that the topic ever held of a connection is held still. */
  holdsWhole(feed: string, connection: number, cutOff: ReadonlySet<number>): boolean {
    return [...cutOff].every((partition) => {
      const first = this.first.get(partition)?.get(feed);
      return first !== undefined && connection > first.connection;
    });
  }

  /** The time from which on all records are held, by the time they were received; -Infinity when nothing was cut off. */
  heldSince(cutOff: ReadonlySet<number>): number {
    let since = -Infinity;
    for (const partition of cutOff) since = Math.max(since, this.firstTimestamp.get(partition) ?? Infinity);
    return since;
  }
}
