import { Option } from 'commander';
import { z } from 'zod';
import { readCatalog } from './lib/catalog/settings.ts';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand, TaskContext } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { readPlan, type Plan } from './lib/plan/plan.ts';
import { plannedMinutes, sparkJobs } from './lib/spark/jobs.ts';
import { runLocally } from './lib/spark/local.ts';

const SETTINGS = [
  'RATEHOUSE_CLICKHOUSE_URL',
  'RATEHOUSE_CLICKHOUSE_USER',
  'RATEHOUSE_CLICKHOUSE_PASSWORD',
  'RATEHOUSE_SPARK_PYTHON',
  'RATEHOUSE_SPARK_JARS',
  'RATEHOUSE_SPARK_JAVA_HOME',
] as const;
type Config = ReturnType<typeof readConfig<(typeof SETTINGS)[number]>>;

const given = z.object({ runId: z.string().min(1), job: z.string() });

/** Runs spark-sql/<job>.sql over the minutes that the run's plan names. Run again it changes only what differs. */
export const runSparkSql: TaskCommand = {
  name: 'run-spark-sql',
  summary: "run a Spark SQL job over the minutes of a run's plan",
  declare(command) {
    command
      .requiredOption('--run-id <id>', 'the run whose plan says which minutes')
      .addOption(
        new Option('--job <name>', 'the file in spark-sql/').choices(Object.keys(sparkJobs)).makeOptionMandatory(),
      )
      .addOption(new Option('--engine <engine>', 'where Spark runs').choices(['local']).default('local'));
  },
  async run(options, context) {
    const { runId, job: name } = given.parse(options);
    const job = sparkJobs[name];
    if (job === undefined) throw new Error(`${name} passed the choices of --job and is none`);
    const started = Date.now();
    const config = { ...readConfig(context.env, SETTINGS), ...readCatalog(context.env) };
    const minutes = plannedMinutes(await planOf(runId, config, context));
    context.log.info(`${minutes?.count ?? 0} minutes are planned`, { job: name, run_id: runId });
    const changes =
      minutes === undefined
        ? { snapshot_id: null, inserted: 0, updated: 0, deleted: 0 }
        : await runLocally({ name, runId, target: job.target, parameters: job.parameters(minutes) }, config, context);
    const seconds = (Date.now() - started) / 1000;
    return { result: { job: name, minutes: minutes?.count ?? 0, ...changes, seconds } };
  },
};

async function planOf(runId: string, config: Config, context: TaskContext): Promise<Plan> {
  const clickhouse = new ClickHouse(config, context.signal);
  try {
    return await readPlan(clickhouse, context.root, runId);
  } finally {
    await clickhouse.close();
  }
}
