import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { Airflow } from './airflow.ts';
import { queryClickHouse } from './clickhouse-query.ts';
import type { StackCommandContext } from './command.ts';
import type { EngineContext } from './engine.ts';
import { stackEngines } from './lifecycle.ts';
import { mustRunTask } from './run-task.ts';
import { run } from './run.ts';
import type { StartOptions } from './start-options.ts';
import { table } from './status.ts';
import type { Stack } from './stack.ts';
import { taskEnvironment } from './task-environment.ts';

/** How long the lake may take to hold enough trades for the first row of gold.macd. */
const FIRST_GOLD_MS = 600_000;

/** They keep the lake small, from when there is one. */
const LAKE_DAGS = ['lake_expiry', 'lake_compaction'] as const;

/** Brings the stream up, and with a batch lane the first of gold, by the schedule's own DAGs. */
export async function startStream(context: StackCommandContext, options: StartOptions): Promise<void> {
  if (options.lane === 'speed') await streamByTasks(context, options);
  else await streamByAirflow(context, options);
}

async function streamByAirflow(
  { stack, say, signal }: StackCommandContext,
  { feed, symbols }: StartOptions,
): Promise<void> {
  const airflow = Airflow.of(stack);
  for (const dag of ['stream', 'gold', ...LAKE_DAGS]) await airflow.waitForDag(dag, signal);
  say(`Bringing the stream up (Airflow's DAG stream, feed ${feed}) ...`);
  const run = await airflow.trigger('stream', {
    feed,
    ...(symbols === undefined ? {} : { symbols: symbols.split(',') }),
  });
  await airflow.waitForRun('stream', run, { say, signal });
  say("Computing gold from the lake (Airflow's DAG gold, from now on every five minutes) ...");
  await firstGold(stack, airflow, { say, signal });
  for (const dag of LAKE_DAGS) await airflow.unpause(dag);
}

/** Starts the schedule, and watches its runs until there is a row to show. A run of which nothing was due has skipped its tasks. */
async function firstGold(
  stack: Stack,
  airflow: Airflow,
  { say, signal }: Pick<StackCommandContext, 'say' | 'signal'>,
): Promise<void> {
  const deadline = Date.now() + FIRST_GOLD_MS;
  const known = new Set((await airflow.runs('gold')).map(({ run }) => run));
  await airflow.unpause('gold');
  // A schedule that begins has one run due at once; where it had begun, one may be under way.
  const found = await waitFor(
    async () =>
      (await airflow.runs('gold')).find(({ run, state }) => !known.has(run) || ['queued', 'running'].includes(state)),
    { what: 'the schedule to begin', timeoutMs: known.size > 0 ? 3000 : 60_000, intervalMs: 500, signal },
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    if (known.size > 0) return undefined;
    throw error;
  });
  for (let run = found?.run; ; run = undefined) {
    const watched = run ?? (await airflow.trigger('gold'));
    const { tasks } = await airflow.waitForRun('gold', watched, { say, signal });
    if (tasks.get('plan_run') === 'skipped') say('  Nothing in the lake was new to this run.');
    if ((await latestMacd(stack)).length > 0) return;
    if (Date.now() > deadline) {
      throw new RatehouseError(
        'RATEHOUSE_TIMEOUT',
        'gold.macd has no row yet: a symbol needs 34 candles in the lake. Look at npm run -s ledger.',
      );
    }
    say('  gold.macd has no row yet; waiting for more in the lake ...');
    await delay(10_000, undefined, { signal });
  }
}

/** The same tasks without Airflow. */
async function streamByTasks(
  { stack, say, signal }: StackCommandContext,
  { feed, symbols }: StartOptions,
): Promise<void> {
  say(`Bringing the stream up (feed ${feed}) ...`);
  const args = symbols === undefined ? [] : [`--symbols=${symbols}`];
  await mustRunTask(stack, ['start-stream', `--feed=${feed}`, ...args], { signal, say });
  say('Syncing the Flink jobs ...');
  await mustRunTask(stack, ['sync-flink'], { signal, say });
  say('Waiting for the first candles ...');
  await mustRunTask(stack, ['wait-for-candles'], { signal, say });
}

const row = z.record(z.string(), z.union([z.string(), z.number()]));
type Row = z.infer<typeof row>;

const latestMacd = (stack: Stack): Promise<Row[]> =>
  // Before dbt's first run there is no such table.
  queryClickHouse(stack, 'latest-macd.sql', row).catch(() => []);

function rowsTable(rows: readonly Row[]): string {
  const heads = Object.keys(rows[0] ?? {});
  return table([heads, ...rows.map((each) => heads.map((name) => String(each[name] ?? '')))]);
}

/** What a person sees at the end of npm start: the ledger, the newest rows, and where to look. */
export async function whatWasMade({ stack }: EngineContext, options: StartOptions): Promise<string> {
  const ledger = await waitFor(() => ledgerText(stack), {
    what: 'a balanced ledger (npm run -s ledger)',
    timeoutMs: 60_000,
    intervalMs: 2000,
  });
  const { lane } = options;
  const made =
    lane === 'both'
      ? ['The newest rows of gold.macd (ClickHouse):', rowsTable(await latestMacd(stack))]
      : [
          'The newest candles (ClickHouse, silver.candles_1m):',
          rowsTable(await queryClickHouse(stack, 'latest-candles.sql', row)),
        ];
  const engines = stackEngines(options).filter((engine) => engine.address(stack) !== '-');
  return [
    '',
    ledger.trimEnd(),
    '',
    ...made,
    '',
    'Where to look:',
    table(engines.map((engine) => [engine.name, engine.address(stack), engine.about])),
    '',
    `Passwords: ${stack.credentialsFile} (readable by you alone).`,
    ...(lane === 'both' ? ['  airflow         of the user ratehouse of Airflow'] : []),
    '  clickhouse      of the user ratehouse of ClickHouse',
    '  s3AccessKey, s3SecretKey   of S3 and the Iceberg catalog',
    'Next: npm run status, npm run -s ledger, npm run logs -- NAME, npm stop.',
  ].join('\n');
}

/** The ledger as a person reads it; throws when it does not balance. */
const ledgerText = (stack: Stack): Promise<string> =>
  run([process.execPath, join(stack.root, 'tasks', 'dist', 'ratehouse.mjs'), 'ledger'], {
    env: { ...process.env, ...taskEnvironment(stack) },
  });
