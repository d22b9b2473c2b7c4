import type { Policy } from './policy.ts';

export interface Snapshot {
  readonly snapshot_id: string;
  /** Epoch ms. */
  readonly committed_at: number;
}

export interface Expiry {
  /** Snapshots that were committed before this go, epoch ms. */
  readonly before: number;
  readonly snapshots: number;
}

/**
 * Expiry is told how far back to go from the moment at which Trino begins with it, which is this much after ours at the most. Without it
 * the first snapshot that is to stay would go too.
 */
const MARGIN_MS = 5000;

/**
 * The snapshots that nobody needs; undefined when there is none. Two stay whatever their age, and all after them: the one that was
 * current `keepMs` ago, which a reader may still hold on to, and the one that was current at `needed`.
 * @param needed epoch ms: what came after it has not been validated yet
 * @param now by Trino's clock
 */
export function expiryOf(
  snapshots: readonly Snapshot[],
  { keepMs }: Pick<Policy, 'keepMs'>,
  now: number,
  needed = Infinity,
): Expiry | undefined {
  const times = snapshots.map(({ committed_at }) => committed_at).sort((a, b) => a - b);
  const before = Math.min(currentAt(times, now - keepMs), currentAt(times, needed)) - MARGIN_MS;
  const count = times.filter((time) => time < before).length;
  return count === 0 ? undefined : { before, snapshots: count };
}

/** When the snapshot was committed that was current at a time; the beginning of time when there was none yet. */
const currentAt = (times: readonly number[], time: number): number =>
  times.filter((t) => t <= time).at(-1) ?? -Infinity;

/** What of gold's runs matters here: the snapshot of lake.bronze.trades that each was planned over. */
export interface PlannedRun {
  readonly run_id: string;
  readonly snapshot_id: string | null;
}

/**
 * The time from which on the lake's history is needed: the oldest of the snapshots that these runs were planned over. Validation has seen all
 * before the last validated run's, and looks at all since: who wrote it, and what it changed. Undefined when no run needs anything.
 * @param runs the last validated one, and all that are not validated yet
 * @returns also the runs whose snapshot is not there any more
 */
export function neededSince(
  runs: readonly PlannedRun[],
  trades: readonly Snapshot[],
): { readonly since: number | undefined; readonly lost: readonly string[] } {
  const at = new Map(trades.map(({ snapshot_id, committed_at }) => [snapshot_id, committed_at]));
  const times: number[] = [];
  const lost: string[] = [];
  for (const { run_id, snapshot_id } of runs) {
    const time = snapshot_id === null ? -Infinity : at.get(snapshot_id);
    if (time === undefined) lost.push(run_id);
    else times.push(time);
  }
  return { since: times.length === 0 ? undefined : Math.min(...times), lost };
}
