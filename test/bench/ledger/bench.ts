import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompressionTypes, Partitioners } from 'kafkajs';
import { z } from 'zod';
import { install } from '../../../stack/lib/install.ts';
import { dbtPackage, sparkJars, sparkPackage } from '../../../stack/lib/packages.ts';
import { runTask } from '../../../stack/lib/run-task.ts';
import { taskEnvironment } from '../../../stack/lib/task-environment.ts';
import { readCatalog } from '../../../tasks/src/lib/catalog/settings.ts';
import { sinkOptions } from '../../../tasks/src/lib/catalog/sink.ts';
import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { Codec, TOPIC_NAMES } from '../../../tasks/src/lib/contracts.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { makeLakeTables } from '../../../tasks/src/lib/lake/make-tables.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { currentSnapshot } from '../../../tasks/src/lib/plan/lake-facts.ts';
import { storePlan } from '../../../tasks/src/lib/plan/plan.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { bring } from '../../../tasks/src/lib/stream/bring.ts';
import { ConnectClient, fillIn } from '../../../tasks/src/lib/stream/connect.ts';
import { createControlTopic, createTopics } from '../../../tasks/src/lib/stream/topics.ts';
import { Trino } from '../../../tasks/src/lib/trino.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { BenchContext } from '../lib/bench.ts';
import type { BenchEngines } from '../lib/engines.ts';
import { closed, endOf, trade, type Load } from './trades.ts';

const SQL = join(import.meta.dirname, 'sql');
const SINK = 'lake-bronze.json';
const CONTROL = 'control-lake-bronze-1';
const RUN = 'bench';
const PRODUCE_AT_ONCE = 10_000;
const TABLES = ['databases', 'topic_incarnations', 'candles_1m', 'moving_averages', 'plans', 'validations', 'ledger'];

const report = z.object({
  balanced: z.boolean(),
  stages: z.array(z.object({ stage: z.string(), trades: z.number() })),
});

/** A stream that is whole in every stage, and at rest: what the ledger reads is the same each time. */
export class LedgerBench {
  private readonly env: Record<string, string>;
  private readonly trino: Trino;
  private readonly clickHouse: ClickHouse;

  private constructor(
    private readonly engines: BenchEngines,
    private readonly context: BenchContext,
    private readonly load: Load,
  ) {
    const { signal } = context;
    this.env = taskEnvironment(engines.stack);
    const config = readConfig(this.env, [
      'RATEHOUSE_TRINO_URL',
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
    ]);
    this.trino = new Trino(config, signal);
    this.clickHouse = new ClickHouse(config, signal);
  }

  /** Brings the trades into every stage, as the tasks do or as their files say. */
  static async with(
    engines: BenchEngines,
    context: BenchContext,
    load: Load,
    use: (bench: LedgerBench) => Promise<void>,
  ): Promise<void> {
    // The tasks' environment names them.
    await install([sparkPackage, sparkJars, dbtPackage], { ...context, stack: engines.stack });
    const bench = new LedgerBench(engines, context, load);
    try {
      await bench.makeStages();
      await bench.fillTopics();
      await bench.fillLanes();
      await use(bench);
    } finally {
      await bench.clickHouse.close();
    }
  }

  /** Seconds that the command takes, from its start as a process to its end. Throws when the ledger is not whole. */
  async seconds(): Promise<number> {
    const startedAt = performance.now();
    const { code, result, errors } = await runTask(this.engines.stack, ['ledger', '--json'], {
      signal: this.context.signal,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) throw new RatehouseError('RATEHOUSE_UNBALANCED', errors.join('\n'));
    const wrong = report.parse(result).stages.filter(({ trades }) => trades !== this.load.trades);
    // The last minutes have no candle of the stream that is newer, so all of them are compared too.
    if (wrong.length > 0)
      throw new RatehouseError(
        'RATEHOUSE_UNBALANCED',
        `Wanted ${this.load.trades} trades in each stage of the ledger, found ${JSON.stringify(wrong)}.`,
      );
    return seconds;
  }

  private async makeStages(): Promise<void> {
    const { stack } = this.engines;
    const { signal } = this.context;
    const given = { root: stack.root, log: jsonLog(), signal };
    await registerContracts(new RegistryClient({ url: stack.url('registry'), signal }), stack.root);
    const admin = kafkaClient([stack.address('kafka')], jsonLog()).admin();
    await admin.connect();
    await createTopics(admin, TOPIC_NAMES, 1);
    await createControlTopic(admin, CONTROL, 1);
    await admin.disconnect();
    for (const table of TABLES)
      await this.clickHouse.runFile(join(stack.root, 'tasks', 'sql', 'clickhouse', `${table}.sql`));
    await makeLakeTables(this.trino, given);
    const values = new Map([
      ['RATEHOUSE_REGISTRY_URL', stack.url('registry')],
      ['control-topic', CONTROL],
    ]);
    const shipped = fillIn(SINK, readFileSync(join(stack.root, 'connectors', 'config', SINK), 'utf8'), values);
    const { catalog } = readCatalog(this.env);
    const wanted = { ...shipped, ...sinkOptions(catalog, stack.connectSecretsFile) };
    await bring(new ConnectClient(stack.url('connect'), signal), 'lake-bronze', wanted, given);
  }

  private async fillTopics(): Promise<void> {
    const { stack } = this.engines;
    const { signal, say } = this.context;
    say(`Writing ${this.load.trades} trades ...`);
    const codec = new Codec(stack.root, new RegistryClient({ url: stack.url('registry'), signal }));
    const encode = await codec.encoder('trades');
    const producer = kafkaClient([stack.address('kafka')], jsonLog()).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      for (let n = 0; n < this.load.trades; n += PRODUCE_AT_ONCE) {
        signal.throwIfAborted();
        const count = Math.min(PRODUCE_AT_ONCE, this.load.trades - n);
        const messages = Array.from({ length: count }, (_, i) => {
          const value = trade(n + i, this.load);
          return { key: value.symbol, value: encode(value) };
        });
        await producer.send({ topic: 'trades', acks: -1, compression: CompressionTypes.None, messages });
      }
      const value = closed(this.load);
      const message = { key: value.feed, value: await codec.encode('feed-events', value) };
      await producer.send({ topic: 'feed-events', acks: -1, messages: [message] });
    } finally {
      await producer.disconnect();
    }
    say('Waiting for the sink to bring them into bronze ...');
    await waitFor(async () => (await this.bronze()).trades >= this.load.trades, {
      what: `${this.load.trades} trades in bronze`,
      timeoutMs: 600_000,
      intervalMs: 3000,
      signal,
    });
  }

  private async fillLanes(): Promise<void> {
    const { root } = this.engines.stack;
    await this.trino.runFile(join(SQL, 'batch-candles.sql'));
    await this.trino.runFile(join(SQL, 'stream-candles.sql'));
    await this.clickHouse.runFile(join(SQL, 'gold.sql'));
    const { last_offset } = await this.bronze();
    await storePlan(this.clickHouse, root, {
      run_id: RUN,
      kind: 'snapshots',
      snapshot_id: (await currentSnapshot(this.trino, root)) ?? null,
      offsets: { '0': last_offset },
      coverage: {},
      horizon: new Date(endOf(this.load)).toISOString(),
      minutes: [],
      deferred: [],
    });
    const verdict = { passed: 1, rows_checked: this.load.trades, problem_count: 0, first_problem: '' };
    await this.clickHouse.insert('gold.validations_rows', [
      { run_id: RUN, sequence: 1, check_name: 'run', ...verdict, checked_at: new Date().toISOString() },
    ]);
  }

  private async bronze(): Promise<{ readonly trades: number; readonly last_offset: number }> {
    const row = z.object({ trades: z.int(), last_offset: z.int() });
    for await (const found of this.trino.queryFile(join(SQL, 'bronze.sql'), row)) return found;
    throw new RatehouseError('RATEHOUSE_BAD_DATA', 'bronze.sql gave no row.');
  }
}
