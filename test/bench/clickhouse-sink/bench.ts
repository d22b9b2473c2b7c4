import { join } from 'node:path';
import { CompressionTypes, Partitioners, type Producer } from 'kafkajs';
import { z } from 'zod';
import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { Codec } from '../../../tasks/src/lib/contracts.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { createTopics } from '../../../tasks/src/lib/stream/topics.ts';
import type { BenchContext } from '../lib/bench.ts';
import type { BenchEngines } from '../lib/engines.ts';
import { candle, TOPIC, totals, type Candle } from './candles.ts';

const SQL = join(import.meta.dirname, 'sql');
const PRODUCE_AT_ONCE = 5_000;

/** The topic, which only grows, and the table, which each run begins anew. */
export class SinkBench {
  /** Candles in the topic; number n has offset n. */
  private filled = 0;

  private constructor(
    readonly engines: BenchEngines,
    readonly signal: AbortSignal,
    readonly say: (line: string) => void,
    private readonly clickHouse: ClickHouse,
    private readonly producer: Producer,
    private readonly encode: (value: Candle) => Buffer,
  ) {}

  /** Makes topic and contract as start-stream does; closes what it opened whatever comes. */
  static async with(
    engines: BenchEngines,
    { signal, say }: BenchContext,
    use: (bench: SinkBench) => Promise<void>,
  ): Promise<void> {
    const { stack } = engines;
    const registry = new RegistryClient({ url: stack.url('registry'), signal });
    await registerContracts(registry, stack.root, [TOPIC]);
    const kafka = kafkaClient([stack.address('kafka')], jsonLog());
    const admin = kafka.admin();
    await admin.connect();
    await createTopics(admin, [TOPIC], 1);
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
      const encode = await new Codec(stack.root, registry).encoder(TOPIC);
      await use(new SinkBench(engines, signal, say, clickHouse, producer, encode));
    } finally {
      await producer.disconnect();
      await clickHouse.close();
    }
  }

  get rows(): number {
    return this.filled;
  }

  /** An empty table, as it is shipped. */
  async emptyTable(): Promise<void> {
    const tables = join(this.engines.stack.root, 'tasks', 'sql', 'clickhouse');
    await this.clickHouse.runFile(join(tables, 'databases.sql'));
    await this.clickHouse.runFile(join(SQL, 'drop-rows.sql'));
    await this.clickHouse.runFile(join(tables, 'candles_1m.sql'));
  }

  /** Sends so many more candles, in one request. */
  async send(count: number): Promise<void> {
    const messages = Array.from({ length: count }, (_, i) => {
      const value = candle(this.filled + i);
      return { key: value.symbol, value: this.encode(value) };
    });
    const [reply] = await this.producer.send({
      topic: TOPIC,
      acks: -1,
      compression: CompressionTypes.None,
      messages,
    });
    if (Number(reply?.baseOffset) !== this.filled)
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `Candle ${this.filled} got offset ${reply?.baseOffset}.`);
    this.filled += count;
  }

  async fill(rows: number): Promise<void> {
    while (this.filled < rows) {
      this.signal.throwIfAborted();
      await this.send(Math.min(PRODUCE_AT_ONCE, rows - this.filled));
    }
  }

  async written(): Promise<number> {
    return (await this.ask('count.sql', z.object({ rows: z.number() }))).rows;
  }

  /** The highest offset that a query sees; -1 before the first. */
  async newest(): Promise<number> {
    return (await this.ask('newest.sql', z.object({ newest: z.number() }))).newest;
  }

  /** Throws when the table does not read as all of the topic, each candle once and exact. */
  async check(subject: string): Promise<void> {
    const wanted = totals(this.filled);
    const found = await this.ask(
      'totals.sql',
      z.object({ rows: z.number(), close: z.string(), turnover: z.string(), trades: z.number() }),
    );
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      throw new RatehouseError(
        'RATEHOUSE_UNBALANCED',
        `${subject}: wanted ${JSON.stringify(wanted)} in the table, found ${JSON.stringify(found)}.`,
      );
  }

  private async ask<T>(file: string, row: z.ZodType<T>): Promise<T> {
    for await (const found of this.clickHouse.queryFile(join(SQL, file), row)) return found;
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `${file} gave no row.`);
  }
}
