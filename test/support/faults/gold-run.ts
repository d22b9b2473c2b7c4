import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Airflow } from '../../../stack/lib/airflow.ts';
import { descendantsOf } from '../../../stack/lib/processes.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { waitForGold } from '../gold.ts';
import { queryAll } from '../read-back.ts';
import type { TestStack } from '../test-stack.ts';

/** All that the recording has twice: a run over it always has something to do. */
const WINDOW = { start: '2013-11-25T00:00:00Z', end: '2013-12-12T00:00:00Z' };
const PATIENCE_MS = 400_000;

type Task = 'run_spark_sql' | 'run_dbt';

/** Starts a run of gold over everything, SIGKILLs the program that one of its tasks runs, in the middle of its statement, and waits for the run's end. */
export async function killInGold(test: TestStack, task: Task): Promise<void> {
  const airflow = Airflow.of(test.stack);
  const run = await airflow.trigger('gold', WINDOW);
  const pid = await waitFor(() => inStatement(test, run, task), {
    what: `a statement of ${task}`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 50,
  });
  process.kill(pid, 'SIGKILL');
  const { tasks } = await waitForGold(test, run);
  const attempts = (await airflow.tasks('gold', run)).find(({ task_id }) => task_id === task)?.try_number;
  const states = [...tasks.values()];
  if (states.some((state) => state !== 'success') || attempts === undefined || attempts < 2)
    throw new Error(`the run ended as ${states.join()}, ${task} after ${attempts ?? 0} attempts: nothing was killed`);
}

/** Runs gold over everything, does what is asked when a task of it has begun, and waits for the run's good end. */
export async function whileTaskRuns(test: TestStack, task: string, act: () => Promise<unknown>): Promise<void> {
  const airflow = Airflow.of(test.stack);
  const run = await airflow.trigger('gold', WINDOW);
  await waitFor(
    async () =>
      (await airflow.tasks('gold', run)).some(({ task_id, state }) => task_id === task && state === 'running'),
    { what: `${task} to run`, timeoutMs: PATIENCE_MS, intervalMs: 300 },
  );
  await act();
  const { tasks } = await waitForGold(test, run);
  const states = [...tasks.values()];
  if (states.some((state) => state !== 'success')) throw new Error(`the run ended as ${states.join()}`);
}

/** The process to kill, while the task's program executes a statement that writes. */
async function inStatement(test: TestStack, run: string, task: Task): Promise<number | undefined> {
  const program = task === 'run_dbt' ? await dbtWrites(test) : sparkMerges(test, run);
  if (!program) return undefined;
  const mark = task === 'run_dbt' ? 'launch.py' : 'SparkSubmit';
  return descendantsOf(await test.pid('airflow-scheduler')).find(({ commandLine }) => commandLine.includes(mark))?.pid;
}

async function dbtWrites(test: TestStack): Promise<boolean> {
  return (await queryAll(test, 'dbt_queries.sql', {}, z.object({ query_id: z.string() }))).length > 0;
}

/** The launcher says that Spark is up just before it hands it the one statement, MERGE. */
function sparkMerges({ stack }: TestStack, run: string): boolean {
  const logs = join(stack.home, 'data', 'airflow', 'logs', 'dag_id=gold', `run_id=${run}`, 'task_id=run_spark_sql');
  if (!existsSync(logs)) return false;
  return readdirSync(logs).some((name) => readFileSync(join(logs, name), 'utf8').includes('Spark is up'));
}
