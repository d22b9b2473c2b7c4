import { z } from 'zod';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand, TaskContext } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { Codec } from './lib/contracts.ts';
import { RatehouseError, describe } from './lib/error.ts';
import { TopicReader } from './lib/kafka.ts';
import { currentSnapshot } from './lib/plan/lake-facts.ts';
import { lastValidated, readPlan, type Plan } from './lib/plan/plan.ts';
import { RegistryClient } from './lib/registry-client.ts';
import { Trino } from './lib/trino.ts';
import { checks, type Check, type CheckSources } from './lib/validate/checks.ts';
import { judge, judgeRun, type Verdict } from './lib/validate/finding.ts';
import { scopeOf } from './lib/validate/scope.ts';

const given = z.object({ runId: z.string().min(1) });

/** Proves a run of gold: all checks run, whatever they find, and each is a row in gold.validations. */
export const validateGold: TaskCommand = {
  name: 'validate-gold',
  summary: 'prove that gold, the lake and the ledger agree on what a run computed, and on what it left alone',
  declare(command) {
    command.requiredOption('--run-id <id>', 'the run to validate, planned by plan-run');
  },
  async run(options, context) {
    const { runId } = given.parse(options);
    const { env, log, signal, root } = context;
    const config = readConfig(env, [
      'RATEHOUSE_KAFKA_BROKERS',
      'RATEHOUSE_REGISTRY_URL',
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
      'RATEHOUSE_TRINO_URL',
    ]);
    const trino = new Trino(config, signal);
    const clickhouse = new ClickHouse(config, signal);
    try {
      const plan = await readPlan(clickhouse, root, runId);
      const scope = scopeOf(plan, await lastValidated(clickhouse, root));
      const snapshot = await currentSnapshot(trino, root);
      if (snapshot === undefined)
        throw new RatehouseError(
          'RATEHOUSE_BAD_DATA',
          'lake.bronze.trades has no snapshot, and the run was planned over one.',
        );
      const codec = new Codec(root, new RegistryClient({ url: config.RATEHOUSE_REGISTRY_URL, signal }));
      const kafka = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, log, signal);
      try {
        const sources = { trino, clickhouse, kafka, codec, root, log, scope, snapshot: BigInt(snapshot) };
        const verdicts = await validate(sources, context);
        return await conclude(plan, verdicts, clickhouse);
      } finally {
        await kafka.close();
      }
    } finally {
      await clickhouse.close();
    }
  },
};

/** One after the other: each of them may take all the memory that there is. */
async function validate(sources: CheckSources, { log, signal }: TaskContext): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const check of checks) {
    const startedAt = Date.now();
    const verdict = await verdictOf(check, sources, signal);
    verdicts.push(verdict);
    const fields = { rows: verdict.rows_checked, problems: verdict.problem_count, ms: Date.now() - startedAt };
    if (verdict.passed) log.info(`Check ${check.name} passed.`, fields);
    else log.error(`Check ${check.name} failed: ${verdict.first_problem}`, fields);
  }
  return verdicts;
}

/** A check that cannot be asked has failed as well; only a signal ends them all. */
async function verdictOf(check: Check, sources: CheckSources, signal: AbortSignal): Promise<Verdict> {
  try {
    return judge(check.name, await check.run(sources));
  } catch (error) {
    signal.throwIfAborted();
    return judge(check.name, { rows_checked: 0, problem_count: 1, problems: [describe(error)] });
  }
}

/** The verdict over the run is written last: a run is validated when all that it rests on can be read. */
async function conclude(
  { run_id, sequence }: Plan,
  verdicts: readonly Verdict[],
  clickhouse: ClickHouse,
): ReturnType<TaskCommand['run']> {
  const run = judgeRun(verdicts);
  for (const rows of [verdicts, [run]]) {
    const checked_at = new Date().toISOString();
    await clickhouse.insert(
      'gold.validations_rows',
      rows.map((verdict) => ({ run_id, sequence, ...verdict, passed: verdict.passed ? 1 : 0, checked_at })),
    );
  }
  const failed = verdicts.filter((v) => !v.passed).map((v) => v.check_name);
  return {
    result: { run_id, sequence, passed: run.passed, rows_checked: run.rows_checked, checks: verdicts.length, failed },
    ...(run.passed ? {} : { failed: `Run ${run_id} is not valid. ${run.first_problem}` }),
  };
}
