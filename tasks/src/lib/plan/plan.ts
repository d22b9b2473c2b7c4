import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import { RatehouseError, describe } from '../error.ts';
import type { MinuteStretch } from './stretches.ts';

const time = z.iso.datetime();

/** Consecutive minutes of a symbol: [start, end). */
const stretch = z.object({ symbol: z.string(), start: time, end: time });

/** The input of one run of gold, fixed by its first task: a run that is started again works on the same. */
export const plan = z.object({
  run_id: z.string().min(1),
  /** 1, 2, ... over all plans. */
  sequence: z.int().positive(),
  kind: z.enum(['snapshots', 'window']),
  /** The snapshot of lake.bronze.trades that was read; null when the table had none. */
  snapshot_id: z.string().nullable(),
  /** The last offset of each partition of topic trades at that snapshot. */
  offsets: z.record(z.string().regex(/^\d+$/), z.int().nonnegative()),
  /**
   * How far topic coverage had been read: of each partition the last event up to which all have their trades in the lake. A plan of
   * before there was history has read none.
   */
  coverage: z.record(z.string().regex(/^\d+$/), z.int().nonnegative()).default({}),
  /** Minutes that end at or before it may be planned. */
  horizon: time,
  /** What is to be computed. */
  minutes: z.array(stretch),
  /** What was touched above the horizon, and is left to a later run. */
  deferred: z.array(stretch),
});

export type Plan = z.output<typeof plan>;
export type Stretch = Plan['minutes'][number];

export const toStretch = ({ symbol, start, end }: MinuteStretch): Stretch => ({
  symbol,
  start: new Date(start).toISOString(),
  end: new Date(end).toISOString(),
});

export const fromStretch = ({ symbol, start, end }: Stretch): MinuteStretch => ({
  symbol,
  start: Date.parse(start),
  end: Date.parse(end),
});

/** The plan of a run. Throws RATEHOUSE_USAGE when it has none. */
export async function readPlan(clickhouse: ClickHouse, root: string, runId: string): Promise<Plan> {
  const found = await findPlan(clickhouse, root, runId);
  if (found !== undefined) return found;
  throw new RatehouseError(
    'RATEHOUSE_USAGE',
    `gold.plans has no plan of run ${runId}. Make it first: ratehouse plan-run --run-id ${runId}.`,
  );
}

export function findPlan(clickhouse: ClickHouse, root: string, runId: string): Promise<Plan | undefined> {
  return one(clickhouse, join(root, 'tasks', 'sql', 'plan', 'plan_of_run.sql'), { run_id: runId });
}

/** The last validated run of kind snapshots: what it looked at need not be looked at again. */
export function lastValidated(clickhouse: ClickHouse, root: string): Promise<Plan | undefined> {
  return one(clickhouse, join(root, 'tasks', 'sql', 'plan', 'last_validated.sql'), {});
}

/** Stores a plan under the next sequence, and returns the plan that its run has from now on. */
export async function storePlan(clickhouse: ClickHouse, root: string, wanted: Omit<Plan, 'sequence'>): Promise<Plan> {
  let sequence = 1;
  const row = z.object({ sequence: z.int() });
  for await (const found of clickhouse.queryFile(join(root, 'tasks', 'sql', 'plan', 'next_sequence.sql'), row))
    sequence = found.sequence;
  const { run_id, kind } = wanted;
  const planned_at = new Date().toISOString();
  const text = JSON.stringify(plan.parse({ ...wanted, sequence }));
  await clickhouse.insert('gold.plans', [{ run_id, sequence, kind, plan: text, planned_at }]);
  return readPlan(clickhouse, root, run_id);
}

async function one(
  clickhouse: ClickHouse,
  file: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Plan | undefined> {
  for await (const row of clickhouse.queryFile(file, z.object({ plan: z.string() }), parameters)) {
    const parsed = plan.safeParse(JSON.parse(row.plan));
    if (parsed.success) return parsed.data;
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `A plan in gold.plans is none: ${describe(parsed.error)}`);
  }
  return undefined;
}
