import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import { RatehouseError, describe } from '../error.ts';
import { plan, type Plan } from '../plan/plan.ts';

const row = z.object({ run_id: z.string(), plan: z.string(), validated: z.literal([0, 1]) });

export interface NewerPlan {
  readonly plan: Plan;
  readonly validated: boolean;
}

/** The runs that were planned after another one, in no order. */
export async function newerPlans(
  clickhouse: ClickHouse,
  root: string,
  last: Pick<Plan, 'sequence'>,
): Promise<readonly NewerPlan[]> {
  const found: NewerPlan[] = [];
  const file = join(root, 'tasks', 'sql', 'ledger', 'newer_plans.sql');
  for await (const { run_id, plan: text, validated } of clickhouse.queryFile(file, row, { sequence: last.sequence })) {
    const parsed = plan.safeParse(JSON.parse(text));
    if (!parsed.success)
      throw new RatehouseError(
        'RATEHOUSE_BAD_DATA',
        `The plan of run ${run_id} in gold.plans is none: ${describe(parsed.error)}`,
      );
    found.push({ plan: parsed.data, validated: validated === 1 });
  }
  return found;
}
