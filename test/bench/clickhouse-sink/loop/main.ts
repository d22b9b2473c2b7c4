import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@clickhouse/client';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { Codec } from '../../../../tasks/src/lib/contracts.ts';
import { RegistryClient } from '../../../../tasks/src/lib/registry-client.ts';
import { TOPIC, type Candle } from '../candles.ts';
import { Rows } from './rows.ts';

/**
 * The least program that promises what the sink promises: at least once on the wire, once as read. It reads committed records, writes
 * each with its place, from which the table makes its version, and commits only what the server has acknowledged. It decodes the
 * next rows while an insert is on its way. What it lacks is the rest: retries, poisoned rows, checks of the table, schemas, metrics.
 */
const settings = z
  .object({
    LOOP_ROOT: z.string(),
    LOOP_GROUP: z.string(),
    LOOP_KAFKA: z.string(),
    LOOP_REGISTRY_URL: z.string(),
    LOOP_CLICKHOUSE_URL: z.string(),
    LOOP_CLICKHOUSE_PASSWORD: z.string(),
    LOOP_LINGER_MS: z.coerce.number(),
  })
  .parse(process.env);
const MOST_ROWS = 50_000;
const COMMIT_MS = 5_000;
const INCARNATION = 1;
const COLUMNS = [
  'symbol',
  'window_start',
  'window_end',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'turnover',
  'trade_count',
  'generation',
  'topic_incarnation',
  'kafka_offset',
] as const;
type Row = readonly (string | number)[];

const kafka = new Kafka({ clientId: 'loop', brokers: [settings.LOOP_KAFKA], logLevel: logLevel.NOTHING });
const clickHouse = createClient({
  url: settings.LOOP_CLICKHOUSE_URL,
  username: 'ratehouse',
  password: settings.LOOP_CLICKHOUSE_PASSWORD,
  database: 'silver',
  clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
});
const rows = new Rows<Row>(MOST_ROWS, settings.LOOP_LINGER_MS);
let inserting: Promise<void> | undefined;
let acknowledged: number | undefined;

function fail(error: unknown): never {
  process.stderr.write(`The loop failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

/** Seconds with milliseconds, exact: what a DateTime64 reads as such. */
function time(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`;
}

function rowOf(value: Candle, offset: number): Row {
  return [
    value.symbol,
    time(value.window_start),
    time(value.window_end),
    value.open,
    value.high,
    value.low,
    value.close,
    value.volume,
    value.turnover,
    value.trade_count,
    value.generation,
    INCARNATION,
    offset,
  ];
}

/** Sends what is due unless an insert is on its way; that sends the next when it is acknowledged. */
function press(): void {
  if (inserting !== undefined) return;
  const due = rows.take(Date.now());
  if (due === undefined) return;
  inserting = clickHouse
    .insert({
      table: 'candles_1m_rows',
      columns: [...COLUMNS],
      values: due.rows,
      format: 'JSONCompactEachRow',
    })
    .then(() => {
      acknowledged = due.next;
      inserting = undefined;
      press();
    }, fail);
}

async function main(): Promise<void> {
  const codec = new Codec(settings.LOOP_ROOT, new RegistryClient({ url: settings.LOOP_REGISTRY_URL }));
  const reader = codec.reader(TOPIC);
  const consumer = kafka.consumer({
    groupId: settings.LOOP_GROUP,
    maxWaitTimeInMs: 50,
    maxBytesPerPartition: 4 * 1024 * 1024,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    async eachBatch(payload) {
      const { batch } = payload;
      const records = batch.messages.map(({ value, offset }) => ({
        topic: TOPIC,
        partition: batch.partition,
        offset: Number(offset),
        value,
      }));
      const values = await reader.readAll(records);
      rows.add(
        values.map((value, i) => rowOf(value, records[i]?.offset ?? NaN)),
        Number(batch.lastOffset()) + 1,
      );
      press();
      while (rows.full && inserting !== undefined) await inserting;
      payload.resolveOffset(batch.lastOffset());
      await payload.heartbeat();
    },
  });
  const timer = setInterval(press, 5);
  const commit = async (): Promise<void> => {
    if (acknowledged === undefined) return;
    await consumer.commitOffsets([{ topic: TOPIC, partition: 0, offset: String(acknowledged) }]);
  };
  const committer = setInterval(() => void commit().catch(fail), COMMIT_MS);
  process.on('SIGTERM', () => {
    clearInterval(timer);
    clearInterval(committer);
    void (async () => {
      while (inserting !== undefined) await delay(5);
      await commit();
      await consumer.disconnect();
      process.exit(0);
    })().catch(fail);
  });
}

await main().catch(fail);
