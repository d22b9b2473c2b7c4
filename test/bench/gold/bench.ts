import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { install } from '../../../stack/lib/install.ts';
import { dbtPackage, talibPackage } from '../../../stack/lib/packages.ts';
import { mustRunTask } from '../../../stack/lib/run-task.ts';
import { taskEnvironment } from '../../../stack/lib/task-environment.ts';
import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { dbtEnvironment, queryComment } from '../../../tasks/src/lib/dbt/child.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { BenchContext } from '../lib/bench.ts';
import type { BenchEngines } from '../lib/engines.ts';

const SQL = join(import.meta.dirname, 'sql');
const FILL_AT_ONCE = 1440;

const result = z.object({
  models: z.array(z.object({ name: z.string(), rows: z.number().optional() })),
});

export interface RunTimes {
  /** What ClickHouse worked for the models, one after the other, without their tests. */
  readonly sqlS: number;
  /** The whole task, with the start of dbt and the tests. */
  readonly runS: number;
}

/** Both lanes filled with candles, and the task run-dbt over them. */
export class GoldBench {
  private minutes = 0;
  private sequence = 0;

  private constructor(
    private readonly engines: BenchEngines,
    private readonly context: BenchContext,
    private readonly symbols: number,
    private readonly clickHouse: ClickHouse,
    private readonly talib: string,
  ) {}

  static async with(
    engines: BenchEngines,
    context: BenchContext,
    symbols: number,
    use: (bench: GoldBench) => Promise<void>,
  ): Promise<void> {
    const { stack } = engines;
    const { talib = '' } = await install([dbtPackage, talibPackage], { ...context, stack });
    const names = ['RATEHOUSE_CLICKHOUSE_URL', 'RATEHOUSE_CLICKHOUSE_USER', 'RATEHOUSE_CLICKHOUSE_PASSWORD'] as const;
    const clickHouse = new ClickHouse(readConfig(taskEnvironment(stack), names), context.signal);
    try {
      await use(new GoldBench(engines, context, symbols, clickHouse, join(talib, 'bin', 'python')));
    } finally {
      await clickHouse.close();
    }
  }

  /** So many minutes of history in both lanes, and gold made of them. */
  async begin(minutes: number): Promise<void> {
    const shipped = join(this.engines.stack.root, 'tasks', 'sql', 'clickhouse');
    await this.clickHouse.runFile(join(SQL, 'drop_all.sql'));
    for (const file of ['databases', 'candles_1m', 'moving_averages', 'plans', 'validations'])
      await this.clickHouse.runFile(join(shipped, `${file}.sql`));
    await this.clickHouse.runFile(join(SQL, 'tables.sql'));
    this.minutes = 0;
    while (this.minutes < minutes) await this.fill(Math.min(FILL_AT_ONCE, minutes - this.minutes));
    await this.run();
  }

  /** So many more minutes of every symbol, and a run for them. */
  async append(minutes: number): Promise<RunTimes> {
    await this.fill(minutes);
    const since = Date.now();
    const before = performance.now();
    const { models } = result.parse(await this.run());
    const runS = (performance.now() - before) / 1000;
    const macd = models.find(({ name }) => name === 'macd_rows');
    if ((macd?.rows ?? 0) < minutes * this.symbols)
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `macd_rows got ${macd?.rows ?? 0} rows for ${minutes} minutes.`);
    return { sqlS: await this.modelSeconds(since), runS };
  }

  /** run-dbt has flushed the log of queries at its end. */
  private async modelSeconds(since: number): Promise<number> {
    const parameters = { since, comment: queryComment('gold') };
    const row = z.object({ seconds: z.number().positive() });
    for await (const { seconds } of this.clickHouse.queryFile(join(SQL, 'model_seconds.sql'), row, parameters))
      return seconds;
    throw new RatehouseError('RATEHOUSE_UNBALANCED', "The log of queries has none of the models'.");
  }

  /** MACD of all bars computed anew by dbt, and by TA-Lib from Python, which writes to a table of its own. Both with their start. */
  async fullRefresh(): Promise<{ readonly value: number; readonly baseline: number }> {
    const { stack } = this.engines;
    const config = readConfig(taskEnvironment(stack), [
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
      'RATEHOUSE_DBT',
    ]);
    const folder = stack.dir('run');
    const project = join(stack.root, 'dbt');
    const places = ['--project-dir', project, '--profiles-dir', project, '--target-path', join(folder, 'target')];
    const dbt = await this.timed(
      [
        join(dirname(config.RATEHOUSE_DBT), 'python'),
        config.RATEHOUSE_DBT,
        ...['run', '--full-refresh', '--select', 'macd_starts', 'macd_rows', 'macd'],
        ...places,
        ...['--log-path', join(folder, 'logs'), '--quiet'],
      ],
      dbtEnvironment(config, process.env, folder),
    );
    const talib = await this.timed([this.talib, join(import.meta.dirname, 'talib_baseline.py')], {
      PATH: process.env['PATH'],
      BENCH_CLICKHOUSE_URL: config.RATEHOUSE_CLICKHOUSE_URL,
      BENCH_CLICKHOUSE_USER: config.RATEHOUSE_CLICKHOUSE_USER,
      BENCH_CLICKHOUSE_PASSWORD: config.RATEHOUSE_CLICKHOUSE_PASSWORD,
    });
    await this.check();
    return { value: dbt, baseline: talib };
  }

  /** Both have the same rows, and the same numbers to 1e-9. */
  private async check(): Promise<void> {
    const row = z.object({ rows: z.number(), talib_rows: z.number(), largest: z.number() });
    for await (const found of this.clickHouse.queryFile(join(SQL, 'compare_talib.sql'), row)) {
      if (found.rows > 0 && found.rows === found.talib_rows && found.largest <= 1e-9) return;
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `gold.macd is not TA-Lib's: ${JSON.stringify(found)}.`);
    }
  }

  private async fill(minutes: number): Promise<void> {
    this.context.signal.throwIfAborted();
    this.sequence += 1;
    const parameters = {
      from: this.minutes,
      to: this.minutes + minutes,
      symbols: this.symbols,
      run_id: `bench-${this.sequence}`,
      sequence: this.sequence,
    };
    for (const file of ['fill_lake.sql', 'fill_stream.sql', 'plan.sql'])
      await this.clickHouse.runFile(join(SQL, file), parameters);
    this.minutes += minutes;
  }

  private run(): Promise<unknown> {
    return mustRunTask(this.engines.stack, ['run-dbt', `--run-id=bench-${this.sequence}`], {
      signal: this.context.signal,
    });
  }

  /** Seconds that a process takes, from its start to its end. */
  private async timed([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
    const before = performance.now();
    const child = spawn(program, args, {
      env,
      cwd: this.engines.stack.dir('run'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new RatehouseError('RATEHOUSE_REFUSED', `${program} ended with code ${String(code)}.`);
    return (performance.now() - before) / 1000;
  }
}
