import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { runningJobs } from '../../../tasks/src/lib/flink/cluster.ts';
import { isOf } from '../../../tasks/src/lib/flink/plan.ts';
import { request } from '../../../tasks/src/lib/http.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { Trino } from '../../../tasks/src/lib/trino.ts';
import { queryAll } from '../read-back.ts';
import type { TestStack } from '../test-stack.ts';

const newest = z.object({ newest: z.coerce.number() });
const part = z.object({ state: z.string() });
const connectors = z.record(z.string(), z.object({ status: z.object({ connector: part, tasks: z.array(part) }) }));
const health = z.record(z.string(), z.record(z.string(), z.unknown()));

/** How far trades have come; a stack that works moves each of them on. */
export interface Marks {
  /** The end of the topic trades. */
  readonly trades: number;
  /** The start of the stream's newest candle, epoch ms. */
  readonly candle: number;
}

export async function readMarks(test: TestStack): Promise<Marks> {
  const [row] = await queryAll(test, 'newest_candle.sql', {}, newest);
  return { trades: await endOfTrades(test), candle: row?.newest ?? 0 };
}

async function endOfTrades(test: TestStack): Promise<number> {
  const admin = kafkaClient(
    [test.stack.address('kafka')],
    jsonLog(() => undefined),
  ).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets('trades');
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

/** When the lake took trades last, by its own account, epoch ms. */
export async function lastCommit(test: TestStack): Promise<number> {
  const trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
  const file = join(test.stack.root, 'test', 'support', 'sql', 'lake_commit.sql');
  for await (const row of trino.queryFile(file, newest)) return row.newest;
  throw new Error(`${file} gave no row`);
}

/** What does not do its work, by what engines and connectors say of themselves. Airflow's parts must have said so after `since`. */
export async function unwell(test: TestStack, since: number): Promise<string[]> {
  const engines = await test.engines();
  const down = engines.filter(({ state }) => state !== 'ready').map(({ name, state }) => `${name} is ${state}`);
  if (down.length > 0) return down;
  const airflow = engines.some(({ name }) => name.startsWith('airflow-')) ? await silentParts(test, since) : [];
  return [...(await brokenConnectors(test)), ...(await brokenJobs(test)), ...airflow];
}

async function brokenConnectors(test: TestStack): Promise<string[]> {
  const { body } = await request(`${test.stack.url('connect')}/connectors?expand=status`);
  return Object.entries(connectors.parse(body)).flatMap(([name, { status }]) => {
    const states = [status.connector, ...status.tasks].map(({ state }) => state);
    return states.length > 1 && states.every((state) => state === 'RUNNING') ? [] : [`${name} is ${states.join()}`];
  });
}

async function brokenJobs(test: TestStack): Promise<string[]> {
  const jobs = await runningJobs(test.stack.url('flink-rest'));
  return ['trade-windows', 'live-macd'].flatMap((job) =>
    jobs.some(({ name, healthy }) => isOf(job, name) && healthy) ? [] : [`${job} does not run`],
  );
}

/** A part of Airflow that was killed is healthy by its last heartbeat until that is half a minute old. */
async function silentParts(test: TestStack, since: number): Promise<string[]> {
  const { body } = await request(`${test.stack.url('airflow')}/api/v2/monitor/health`);
  const parts = health.parse(body);
  return ['scheduler', 'dag_processor', 'triggerer'].flatMap((name) => {
    const at = z.string().safeParse(parts[name]?.[`latest_${name}_heartbeat`]).data;
    return at !== undefined && Date.parse(at) > since ? [] : [`${name} has said nothing`];
  });
}
