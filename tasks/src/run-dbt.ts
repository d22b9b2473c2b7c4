import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand, TaskContext, TaskOutcome } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { dbtBuild, GOLD, queryComment, type DbtConfig } from './lib/dbt/child.ts';
import { readResults, type DbtResults } from './lib/dbt/results.ts';
import { failingRows } from './lib/dbt/failing-rows.ts';
import { writtenRows } from './lib/dbt/written-rows.ts';
import { RatehouseError } from './lib/error.ts';
import { withLock } from './lib/lock.ts';
import { readPlan } from './lib/plan/plan.ts';

const SETTINGS = [
  'RATEHOUSE_CLICKHOUSE_URL',
  'RATEHOUSE_CLICKHOUSE_USER',
  'RATEHOUSE_CLICKHOUSE_PASSWORD',
  'RATEHOUSE_DBT',
  'RATEHOUSE_STATE',
] as const;

const LOCK_TIMEOUT_MS = 600_000;
const given = z.object({ runId: z.string().min(1) });

/** Brings the tables of gold to what both lanes hold now, and tests them. Run again it changes nothing. */
export const runDbt: TaskCommand = {
  name: 'run-dbt',
  summary: 'bring gold to what both lanes hold: candles, MACD, and their tests',
  declare(command) {
    command.requiredOption('--run-id <id>', 'the run that this belongs to');
  },
  async run(options, context) {
    const { runId } = given.parse(options);
    const config = readConfig(context.env, SETTINGS);
    mkdirSync(config.RATEHOUSE_STATE, { recursive: true });
    // A row's version counts on from the one that is there, so writers of gold take turns.
    return withLock(join(config.RATEHOUSE_STATE, 'run-dbt.lock'), LOCK_TIMEOUT_MS, context.signal, () =>
      build(runId, config, context),
    );
  },
};

async function build(runId: string, config: DbtConfig, context: TaskContext): Promise<TaskOutcome> {
  // No signal for this client: it is what cancels.
  const clickhouse = new ClickHouse(config);
  const folder = mkdtempSync(join(tmpdir(), 'ratehouse-dbt-'));
  const cancel = (): Promise<void> =>
    clickhouse.runFile(join(context.root, 'tasks', 'sql', 'dbt', 'cancel.sql'), { comment: queryComment(GOLD) });
  try {
    // Only what a plan names may change: a run id without one is a mistake.
    await readPlan(clickhouse, context.root, runId);
    // A run that was killed may have left an insert, which would go on beside ours.
    await cancel();
    const { code, errors } = await dbtBuild(config, folder, runId, context);
    if (context.signal.aborted) {
      await cancel();
      context.signal.throwIfAborted();
    }
    const file = join(folder, 'target', 'run_results.json');
    if (!existsSync(file)) {
      const why = errors === '' ? '' : `\n${errors}`;
      throw new RatehouseError(
        'RATEHOUSE_REFUSED',
        `dbt ended with code ${code ?? 'none'} before it ran a model.${why}`,
      );
    }
    return await outcome(runId, code, readResults(file), clickhouse, { ...context, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    await clickhouse.close();
  }
}

async function outcome(
  runId: string,
  code: number | null,
  results: DbtResults,
  clickhouse: ClickHouse,
  context: TaskContext & { readonly folder: string },
): Promise<TaskOutcome> {
  const rows = await writtenRows(results.models, clickhouse, context);
  const models = results.models.map(({ name, status, seconds, queryId }) => {
    const written = queryId === undefined ? undefined : rows.get(queryId);
    return { name, status, seconds, ...(written === undefined ? {} : { rows: written }) };
  });
  const result = { run_id: runId, models, tests: results.tests };
  if (results.firstFailure !== undefined) {
    const { message, query } = results.firstFailure;
    const found = query === undefined ? '' : await failingRows(query, context.folder, clickhouse);
    return { result, failed: `dbt failed at ${message}${found}` };
  }
  if (code !== 0) return { result, failed: `dbt ended with code ${code ?? 'none'}, though no model or test failed.` };
  return { result };
}
