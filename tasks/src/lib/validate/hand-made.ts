import { z } from 'zod';

/** A snapshot of a bronze table, and whether it is the sink's own append or maintenance. */
export const bronzeSnapshot = z.object({
  table_name: z.enum(['trades', 'trades_history', 'coverage', 'feed_events', 'trades_dlq']),
  snapshot_id: z.string().regex(/^\d+$/),
  /** Null when the one before is not there any more. */
  parent_id: z.string().regex(/^\d+$/).nullable(),
  operation: z.string(),
  committed_at: z.string(),
  made_by: z.string(),
  changed_records: z.int(),
  is_regular: z.boolean(),
});
export type BronzeSnapshot = z.output<typeof bronzeSnapshot>;

/** Snapshots that somebody made by hand. One that changed no record, such as a table's creation, does no harm. */
export const handMade = (snapshots: readonly BronzeSnapshot[]): readonly BronzeSnapshot[] =>
  snapshots.filter((s) => !s.is_regular && s.changed_records > 0);

export function snapshotText(s: BronzeSnapshot): string {
  return `lake.bronze.${s.table_name}: snapshot ${s.snapshot_id} (${s.operation} by ${s.made_by} at ${s.committed_at}) is neither the sink's nor maintenance`;
}

/**
 * What hand-made snapshots did to the rows of a table, all together: a row that one removed and another put back exactly is as
 * the sink wrote it. State: one entry for each row that they changed.
 */
export class RowChanges {
  private readonly rows = new Map<string, { net: number; snapshot: BronzeSnapshot }>();

  /** @param change how many of the row the snapshot added; below 0: removed */
  add(snapshot: BronzeSnapshot, row: string, change: number): void {
    const key = `${snapshot.table_name} ${row}`;
    const net = (this.rows.get(key)?.net ?? 0) + change;
    if (net === 0) this.rows.delete(key);
    else this.rows.set(key, { net, snapshot });
  }

  get size(): number {
    return this.rows.size;
  }

  /** The first of what still stands, with what was removed first: it says what the sink had written. */
  problems(most: number): readonly string[] {
    return [...this.rows]
      .sort(([, a], [, b]) => Math.sign(a.net) - Math.sign(b.net))
      .slice(0, most)
      .map(([key, { net, snapshot }]) => {
        const row = key.slice(snapshot.table_name.length + 1);
        return `${snapshotText(snapshot)}: the row ${row} was ${net < 0 ? 'removed' : 'added'}`;
      });
  }
}
