/** How far a partition goes, for both kinds of its readers. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** Up to where readers of committed records come: its last stable offset. */
  readonly stable: number;
  readonly end: number;
}

/**
 * Finds partitions in which an open transaction has kept readers of committed records waiting at one offset for longer than the
 * patience. Most of them are to end yet: a producer may be slow, or its coordinator gives it until its time-out. Each is told
 * again while it lasts, after twice the time and so on, for to ask about it costs something. State only; the caller has the clock.
 */
export class StuckPartitions {
  private readonly waiting = new Map<string, { readonly stable: number; readonly since: number; tellAfter: number }>();

  constructor(private readonly patienceMs: number) {}

  /** Those to be looked at now. @param now epoch ms */
  stuck(ends: readonly PartitionEnd[], now: number): PartitionEnd[] {
    return ends.filter(({ topic, partition, stable, end }) => {
      const name = `${topic}-${partition}`;
      if (stable >= end) {
        this.waiting.delete(name);
        return false;
      }
      let wait = this.waiting.get(name);
      if (wait?.stable !== stable) this.waiting.set(name, (wait = { stable, since: now, tellAfter: this.patienceMs }));
      if (now - wait.since < wait.tellAfter) return false;
      wait.tellAfter *= 2;
      return true;
    });
  }
}
