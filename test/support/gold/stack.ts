import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { dbtEnvironment, queryComment } from '../../../tasks/src/lib/dbt/child.ts';
import type { TaskRun } from '../../../stack/lib/run-task.ts';
import { taskEnvironment } from '../../../stack/lib/task-environment.ts';
import { TestStack } from '../test-stack.ts';
import type { Step } from './history.ts';

const MINUTE = 60_000;
const SQL = join(import.meta.dirname, 'sql');
const OTHERS = 'kafka,connect,registry,flink,seaweedfs,replay-feed,keeper';

/** ClickHouse alone, with a plain table in place of the lake's, and gold made by run-dbt as in production. */
export class GoldStack {
  readonly test: TestStack;
  private changes = 0;

  constructor(portBase: number) {
    this.test = new TestStack(portBase);
  }

  async start(): Promise<void> {
    await this.test.mustRun('start', '--engines-only', '--lane', 'speed', '--without', OTHERS);
  }

  async stop(): Promise<void> {
    await this.test.remove();
  }

  /** All tables empty, as start-stream makes them. */
  async empty(): Promise<void> {
    await this.runFile('drop_all.sql');
    const shipped = join(this.test.stack.root, 'tasks', 'sql', 'clickhouse');
    for (const file of ['databases', 'candles_1m', 'moving_averages', 'plans', 'validations'])
      await this.using((clickhouse) => clickhouse.runFile(join(shipped, `${file}.sql`)));
    await this.runFile('lake.sql');
  }

  /** Brings what a step says into both lanes, and stores the plan of its run. */
  async take(step: Step, runId: string, sequence: number): Promise<void> {
    const at = (minute: number): string => new Date(minute).toISOString();
    await this.using(async (clickhouse) => {
      if (step.stream.length > 0)
        await clickhouse.insert(
          'silver.candles_1m_rows',
          step.stream.map(({ minute, offset, ...row }) => ({
            ...row,
            window_start: at(minute),
            window_end: at(minute + MINUTE),
            topic_incarnation: 1,
            kafka_offset: offset,
          })),
        );
      if (step.lake.length > 0)
        await clickhouse.insert(
          'lake.candle_changes',
          step.lake.map(({ symbol, minute, candle }) => {
            this.changes += 1;
            const key = { symbol, window_start: at(minute), window_end: at(minute + MINUTE), change: this.changes };
            return { ...key, ...(candle ?? {}), is_deleted: candle === undefined ? 1 : 0 };
          }),
        );
      const minutes = step.plan.map(({ symbol, minute }) => ({
        symbol,
        start: at(minute),
        end: at(minute + MINUTE),
      }));
      const plan = {
        run_id: runId,
        sequence,
        kind: 'snapshots',
        snapshot_id: null,
        offsets: {},
        horizon: at(Date.UTC(2030, 0, 1)),
        minutes,
        deferred: [],
      };
      await clickhouse.insert('gold.plans', [
        {
          run_id: runId,
          sequence,
          kind: 'snapshots',
          plan: JSON.stringify(plan),
          planned_at: at(Date.UTC(2030, 0, 1)),
        },
      ]);
    });
  }

  /** The task run-dbt, which has to succeed. */
  async run(runId: string): Promise<TaskRun> {
    const found = await this.test.task('run-dbt', `--run-id=${runId}`);
    if (found.code !== 0) throw new Error(`run-dbt ended with ${found.code}:\n${found.errors.join('\n')}`);
    return found;
  }

  /** The task run-dbt, killed by SIGKILL when the `queries`th query of its dbt is seen. Returns whether it was killed before its end. */
  async runAndKill(runId: string, queries: number): Promise<boolean> {
    const child = spawn(
      process.execPath,
      [join(this.test.stack.root, 'tasks', 'dist', 'ratehouse.mjs'), 'run-dbt', `--run-id=${runId}`],
      { env: { ...process.env, ...taskEnvironment(this.test.stack) }, stdio: 'ignore' },
    );
    const ended = new Promise<boolean>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (_code, signal) => {
        resolve(signal === 'SIGKILL');
      });
    });
    const seen = new Set<string>();
    while (child.exitCode === null && seen.size < queries) for (const id of await this.queriesOfDbt()) seen.add(id);
    child.kill('SIGKILL');
    return ended;
  }

  private async queriesOfDbt(): Promise<string[]> {
    const rows = await this.query('queries_of_dbt.sql', z.object({ query_id: z.string() }), {
      comment: queryComment('gold'),
    });
    return rows.map(({ query_id }) => query_id);
  }

  /** A full refresh, with dbt's own tests, into a database of its own. */
  async refreshInto(database: string): Promise<void> {
    await this.dbt(['build', '--exclude-resource-type', 'unit_test', '--full-refresh'], database);
  }

  /** dbt itself, with other commands than the task gives it; throws with its output when it does not end well. */
  async dbt(command: readonly string[], database: string, folder = this.test.stack.dir('run')): Promise<string> {
    const config = readConfig(this.test.taskEnv, [
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
      'RATEHOUSE_DBT',
    ]);
    const project = join(this.test.stack.root, 'dbt');
    const places = ['--project-dir', project, '--profiles-dir', project, '--target-path', join(folder, 'dbt-target')];
    const rest = ['--log-path', join(folder, 'dbt-logs'), '--no-partial-parse', '--no-use-colors'];
    const child = spawn(
      join(dirname(config.RATEHOUSE_DBT), 'python'),
      [config.RATEHOUSE_DBT, ...command, ...places, ...rest],
      { cwd: folder, env: dbtEnvironment(config, process.env, folder, database), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new Error(`dbt ${command.join(' ')} ended with ${String(code)}:\n${output}`);
    return output;
  }

  /** Builds the documentation; returns the folder that it is in. */
  async docs(): Promise<string> {
    const folder = this.test.stack.dir('run');
    await this.dbt(['docs', 'generate'], 'gold', folder);
    return join(folder, 'dbt-target');
  }

  async runFile(file: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.using((clickhouse) => clickhouse.runFile(join(SQL, file), parameters));
  }

  query<T>(file: string, row: z.ZodType<T>, parameters: Readonly<Record<string, string>> = {}): Promise<T[]> {
    return this.using(async (clickhouse) => {
      const rows: T[] = [];
      for await (const found of clickhouse.queryFile(join(SQL, file), row, parameters)) rows.push(found);
      return rows;
    });
  }

  private async using<T>(use: (clickhouse: ClickHouse) => Promise<T>): Promise<T> {
    const names = ['RATEHOUSE_CLICKHOUSE_URL', 'RATEHOUSE_CLICKHOUSE_USER', 'RATEHOUSE_CLICKHOUSE_PASSWORD'] as const;
    const clickhouse = new ClickHouse(readConfig(this.test.taskEnv, names));
    try {
      return await use(clickhouse);
    } finally {
      await clickhouse.close();
    }
  }
}
