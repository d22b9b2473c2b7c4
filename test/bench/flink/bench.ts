import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { Partitioners, type Producer } from 'kafkajs';
import { z } from 'zod';
import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { Codec, type TopicName, type TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { becomesHealthy } from '../../../tasks/src/lib/flink/health.ts';
import { readJob } from '../../../tasks/src/lib/flink/job-file.ts';
import { fileValues, submit } from '../../../tasks/src/lib/flink/submit.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { ConnectClient, fillIn, runs } from '../../../tasks/src/lib/stream/connect.ts';
import { createTopics } from '../../../tasks/src/lib/stream/topics.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { BenchContext } from '../lib/bench.ts';
import type { BenchEngines } from '../lib/engines.ts';

const TOPICS: readonly TopicName[] = ['trades', 'candles-1m', 'moving-averages', 'live-macd'];
const TABLES = ['databases', 'candles_1m', 'moving_averages', 'live_macd'];
const SINK = 'clickhouse-silver';
const JOBS = ['trade-windows', 'live-macd'] as const;
const HEALTHY_MS = 180_000;

type Trade = TopicValues['trades'];

/** Kafka with the topics, Flink with the jobs as they are shipped, and ClickHouse with the sink as it is shipped. */
export class FlinkBench {
  readonly jobs = new Map<string, string>();

  private constructor(
    readonly engines: BenchEngines,
    readonly signal: AbortSignal,
    readonly say: (line: string) => void,
    private readonly clickHouse: ClickHouse,
    private readonly producer: Producer,
    private readonly encode: (value: Trade) => Buffer,
  ) {}

  static async with(
    engines: BenchEngines,
    { signal, say }: BenchContext,
    use: (bench: FlinkBench) => Promise<void>,
  ): Promise<void> {
    const { stack } = engines;
    const registry = new RegistryClient({ url: stack.url('registry'), signal });
    await registerContracts(registry, stack.root, TOPICS);
    const kafka = kafkaClient([stack.address('kafka')], jsonLog());
    const admin = kafka.admin();
    await admin.connect();
    await createTopics(admin, TOPICS, 1);
    await admin.disconnect();
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, maxInFlightRequests: 1 });
    await producer.connect();
    const clickHouse = new ClickHouse(
      {
        RATEHOUSE_CLICKHOUSE_URL: stack.url('clickhouse-http'),
        RATEHOUSE_CLICKHOUSE_USER: 'ratehouse',
        RATEHOUSE_CLICKHOUSE_PASSWORD: stack.credentials.clickhouse,
      },
      signal,
    );
    try {
      for (const table of TABLES)
        await clickHouse.runFile(join(stack.root, 'tasks', 'sql', 'clickhouse', `${table}.sql`));
      const encode = await new Codec(stack.root, registry).encoder('trades');
      await use(new FlinkBench(engines, signal, say, clickHouse, producer, encode));
    } finally {
      await producer.disconnect();
      await clickHouse.close();
    }
  }

  get flink(): string {
    return this.engines.stack.url('flink-rest');
  }

  async send(trades: readonly Trade[]): Promise<void> {
    const messages = trades.map((trade) => ({
      key: trade.symbol,
      value: this.encode(trade),
      timestamp: String(trade.received_at),
    }));
    await this.producer.send({ topic: 'trades', acks: -1, messages });
  }

  /** Submits the jobs; they begin with the first trade of the topic. */
  async startJobs(): Promise<void> {
    const { stack } = this.engines;
    const functions = join(stack.dir('run'), 'flink-functions.jar');
    const submission = {
      gateway: stack.url('flink-sql-gateway'),
      values: fileValues(
        {
          RATEHOUSE_KAFKA_BROKERS: [stack.address('kafka')],
          RATEHOUSE_REGISTRY_URL: stack.url('registry'),
          RATEHOUSE_FLINK_FUNCTIONS: functions,
        },
        stack.root,
      ),
      signal: this.signal,
    };
    const jar = createHash('sha256').update(readFileSync(functions)).digest('hex');
    for (const name of JOBS) {
      const job = readJob(name, readFileSync(join(stack.root, 'flink', `${name}.sql`), 'utf8'), jar);
      this.jobs.set(name, await submit(job, submission, { generation: 1, topology: '', from: undefined }));
    }
  }

  async jobsAreHealthy(): Promise<void> {
    for (const [name, id] of this.jobs) await becomesHealthy(this.flink, { id, name }, HEALTHY_MS, this.signal);
  }

  async startSink(): Promise<void> {
    const { stack } = this.engines;
    const connect = new ConnectClient(stack.url('connect'), this.signal);
    const config = fillIn(
      `${SINK}.json`,
      readFileSync(join(stack.root, 'connectors', 'config', `${SINK}.json`), 'utf8'),
      new Map([
        ['RATEHOUSE_CONNECT_SECRETS', stack.connectSecretsFile],
        ['RATEHOUSE_REGISTRY_URL', stack.url('registry')],
        ['RATEHOUSE_CLICKHOUSE_URL', stack.url('clickhouse-http')],
        ['RATEHOUSE_CLICKHOUSE_USER', 'ratehouse'],
        ['topic-incarnations', ''],
      ]),
    );
    const patience = { timeoutMs: 60_000, signal: this.signal };
    await waitFor(() => connect.put(SINK, config), { what: 'Kafka Connect to take the sink', ...patience });
    await waitFor(
      async () => {
        const status = await connect.status(SINK);
        return status !== undefined && runs(status);
      },
      { what: 'the sink to run', ...patience },
    );
  }

  /** Candles of symbols that begin so, and the trades in them. */
  async totals(prefix: string): Promise<{ candles: number; trades: number }> {
    const row = z.object({ candles: z.number(), trades: z.number() });
    const [found] = await this.rows('totals.sql', { prefix }, row);
    if (found === undefined) throw new RatehouseError('RATEHOUSE_BAD_DATA', 'totals.sql gave no row.');
    return found;
  }

  /** The live symbols whose candle of this minute is queryable. */
  async queryable(minute: number): Promise<string[]> {
    const rows = await this.rows('minute.sql', { minute }, z.object({ symbol: z.string() }));
    return rows.map(({ symbol }) => symbol);
  }

  private async rows<T>(file: string, parameters: Record<string, string | number>, row: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    const path = join(import.meta.dirname, 'sql', file);
    for await (const each of this.clickHouse.queryFile(path, row, parameters)) found.push(each);
    return found;
  }
}
