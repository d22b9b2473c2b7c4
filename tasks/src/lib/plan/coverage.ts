import { join } from 'node:path';
import { z } from 'zod';
import type { Trino } from '../trino.ts';
import type { Plan } from './plan.ts';
import { union, type MinuteStretch } from './stretches.ts';

export const coverageRow = z.object({
  symbol: z.string(),
  start_seconds: z.int(),
  end_seconds: z.int(),
  is_unavailable: z.boolean(),
  is_whole: z.boolean(),
  partition_id: z.int(),
  event_offset: z.int(),
});
export type CoverageRow = z.output<typeof coverageRow>;

export interface NewCoverage {
  /** How far the topic has been read: of each partition the last event up to which all are whole. */
  readonly seen: Plan['coverage'];
  /** The minutes whose trades history gives since then. */
  readonly minutes: readonly MinuteStretch[];
}

/**
 * What came in topic coverage since a plan had looked. Minutes count once all trades of their fetch are in the lake. The reading stops
 * at the first event of which some are not, so that a later plan finds it; what is whole behind it is planned once more then.
 * @param rows in the order of each partition
 */
export function newCoverage(rows: readonly CoverageRow[], seen: Plan['coverage']): NewCoverage {
  const now: Record<string, number> = { ...seen };
  const waiting = new Set<number>();
  for (const { partition_id, event_offset, is_whole } of rows) {
    if (!is_whole) waiting.add(partition_id);
    if (!waiting.has(partition_id)) now[String(partition_id)] = event_offset;
  }
  return {
    seen: now,
    minutes: union(
      rows
        .filter((row) => row.is_whole && !row.is_unavailable)
        .map(({ symbol, start_seconds, end_seconds }) => ({
          symbol,
          start: start_seconds * 1000,
          end: end_seconds * 1000,
        })),
    ),
  };
}

export async function readCoverage(trino: Trino, root: string, seen: Plan['coverage']): Promise<NewCoverage> {
  const rows: CoverageRow[] = [];
  const file = join(root, 'trino', 'plan', 'coverage.sql');
  for await (const row of trino.queryFile(file, coverageRow, { seen: JSON.stringify(seen) })) rows.push(row);
  return newCoverage(rows, seen);
}
