import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Admin } from 'kafkajs';
import { z } from 'zod';
import { readCatalog } from './lib/catalog/settings.ts';
import { sinkOptions } from './lib/catalog/sink.ts';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand, TaskContext } from './lib/command.ts';
import { isGiven, readConfig, type SettingName } from './lib/config.ts';
import { TOPIC_NAMES, type TopicName } from './lib/contracts.ts';
import { RatehouseError } from './lib/error.ts';
import { kafkaClient } from './lib/kafka.ts';
import { makeLakeDatabase } from './lib/lake/clickhouse-database.ts';
import { carryOutTables, planLakeTables } from './lib/lake/make-tables.ts';
import { RegistryClient } from './lib/registry-client.ts';
import { planContracts, registerPlanned } from './lib/registry.ts';
import { bring, failFast } from './lib/stream/bring.ts';
import { ConnectClient, fillIn, type ConnectorConfig } from './lib/stream/connect.ts';
import { probeFeed } from './lib/stream/probe.ts';
import { makeSymbolsTopic } from './lib/stream/symbols-topic.ts';
import { bringSource, sourceContracts } from './lib/stream/source.ts';
import {
  checkPartitions,
  createControlTopic,
  createTopics,
  missingTopics,
  newestControlTopic,
} from './lib/stream/topics.ts';
import { Trino } from './lib/trino.ts';
import { waitFor } from './lib/wait.ts';

const SETTINGS = [
  'RATEHOUSE_KAFKA_BROKERS',
  'RATEHOUSE_REGISTRY_URL',
  'RATEHOUSE_CONNECT_URL',
  'RATEHOUSE_CONNECT_SECRETS',
  'RATEHOUSE_CLICKHOUSE_URL',
  'RATEHOUSE_CLICKHOUSE_USER',
  'RATEHOUSE_CLICKHOUSE_PASSWORD',
  'RATEHOUSE_REPLAY_URL',
] as const;

/** Not put into a connector's configuration by value. */
const SECRETS: ReadonlySet<string> = new Set<SettingName>(['RATEHOUSE_CLICKHOUSE_PASSWORD']);

/** In this order: the database first, then what lives in it. */
const TABLES = [
  'databases',
  'topic_incarnations',
  'candles_1m',
  'moving_averages',
  'live_macd',
  'plans',
  'validations',
  'ledger',
];

const SINK = 'clickhouse-silver';
const SINK_TOPICS: readonly TopicName[] = ['candles-1m', 'moving-averages', 'live-macd'];
const LAKE_SINK = 'lake-bronze';

const options = z.object({
  feed: z.string(),
  symbols: z.string().optional(),
  replicas: z.coerce.number().int().positive(),
});

/** Makes what the stream needs, where it is missing, starts it, and ends when the first trades are in. */
export const startStream: TaskCommand = {
  name: 'start-stream',
  summary: 'make topics, schemas, tables and connectors what they should be, and start the stream',
  declare(command) {
    command
      .option('--feed <name>', 'a feed named in connectors/config (trades-<name>.json)', 'replay')
      .option('--symbols <list>', "symbols, separated by commas; the feed's own when not given")
      .option('--replicas <n>', 'replication factor of new topics', '1');
  },
  async run(given, context) {
    const { feed, symbols, replicas } = options.parse(given);
    const config = readConfig(context.env, SETTINGS);
    // The batch lane may be left out: without RATEHOUSE_TRINO_URL there is no lake.
    const lake = isGiven(context.env, 'RATEHOUSE_TRINO_URL')
      ? { ...readConfig(context.env, ['RATEHOUSE_TRINO_URL']), ...readCatalog(context.env) }
      : undefined;
    const file = feedFile(context.root, feed);
    const clickHouse = new ClickHouse(config, context.signal);
    const kafka = kafkaClient(config.RATEHOUSE_KAFKA_BROKERS, context.log);
    const admin = kafka.admin();
    try {
      await admin.connect();
      const registry = new RegistryClient({ url: config.RATEHOUSE_REGISTRY_URL, signal: context.signal });
      const trino = lake === undefined ? undefined : new Trino(lake, context.signal);
      // What would be refused is refused before anything is changed.
      const contracts = await planContracts(registry, context.root);
      const tables = trino === undefined ? [] : await planLakeTables(trino, context);
      for (const table of TABLES)
        await clickHouse.runFile(join(context.root, 'tasks', 'sql', 'clickhouse', `${table}.sql`));
      const incarnations = await makeTopics(admin, clickHouse, replicas, context);
      await makeSymbolsTopic(admin, replicas);
      // Readers before writers: a column is there before the first record that has something for it.
      if (lake !== undefined && trino !== undefined) {
        await carryOutTables(trino, tables, context);
        await makeLakeDatabase(clickHouse, lake, context);
      }
      for (const { subject, outcome } of await registerPlanned(registry, context.root, contracts)) {
        if (outcome !== 'unchanged') context.log.info(`schema ${subject} ${outcome}`);
      }
      const values = new Map<string, string>([
        ...Object.entries(config).flatMap(([name, value]): [string, string][] =>
          SECRETS.has(name) ? [] : [[name, String(value)]],
        ),
        ...(lake === undefined ? [] : ([['control-topic', await controlTopic(admin, replicas, context)]] as const)),
        ['topic-incarnations', SINK_TOPICS.map((topic) => `${topic}=${incarnations.get(topic) ?? 1}`).join(',')],
      ]);
      const read = (name: string): ConnectorConfig =>
        fillIn(name, readFileSync(join(context.root, 'connectors', 'config', name), 'utf8'), values);
      const source = { ...read(file), ...sourceContracts(context.root) };
      const connect = new ConnectClient(config.RATEHOUSE_CONNECT_URL, context.signal);
      const name = `trades-${feed}`;
      await probe(connect, name, source, context);
      // Sinks first: each trade is on its way to where it is kept as soon as it is there.
      const connectors = {
        [SINK]: await bring(connect, SINK, read(`${SINK}.json`), context),
        ...(lake === undefined
          ? {}
          : {
              [LAKE_SINK]: await bring(
                connect,
                LAKE_SINK,
                { ...read(`${LAKE_SINK}.json`), ...sinkOptions(lake.catalog, config.RATEHOUSE_CONNECT_SECRETS) },
                context,
              ),
            }),
      };
      const brought = await bringSource(
        { connect, kafka, registry, brokers: config.RATEHOUSE_KAFKA_BROKERS },
        { feed, source, symbols },
        context,
      );
      const trades = await firstTrades(admin, connect, name, context);
      return {
        result: { feed, connectors: { ...connectors, [name]: brought.done }, symbols: brought.symbols, trades },
      };
    } finally {
      await admin.disconnect();
      await clickHouse.close();
    }
  },
};

/** The topic on which the Iceberg sink agrees upon its commits: the sink does not make it. */
async function controlTopic(admin: Admin, replicas: number, { log }: TaskContext): Promise<string> {
  const prefix = `control-${LAKE_SINK}`;
  const held = newestControlTopic(await admin.listTopics(), prefix);
  if (held !== undefined) return held;
  const topic = `${prefix}-${Math.floor(Date.now() / 1000)}`;
  await createControlTopic(admin, topic, replicas);
  log.info(`created the topic ${topic}`);
  return topic;
}

function feedFile(root: string, feed: string): string {
  const file = `trades-${feed}.json`;
  if (existsSync(join(root, 'connectors', 'config', file))) return file;
  const known = readdirSync(join(root, 'connectors', 'config')).flatMap(
    (name) => /^trades-(.+)\.json$/.exec(name)?.[1] ?? [],
  );
  throw new RatehouseError('RATEHOUSE_USAGE', `There is no feed ${feed}. Known: ${known.join(', ')}.`);
}

/** Creates what is missing, and returns how often each topic has begun anew. */
async function makeTopics(
  admin: Admin,
  clickHouse: ClickHouse,
  replicas: number,
  { root, log }: TaskContext,
): Promise<Map<TopicName, number>> {
  const missing = missingTopics(await admin.listTopics());
  // Counted before it is created: a crash in between counts once too often, which does no harm; too seldom would.
  for (const topic of missing)
    await clickHouse.runFile(join(root, 'tasks', 'sql', 'stream', 'count_incarnation.sql'), { topic });
  await createTopics(admin, missing, replicas);
  if (missing.length > 0) log.info(`created the topics ${missing.join(', ')}`);
  await checkPartitions(admin);
  const incarnations = new Map<TopicName, number>();
  const row = z.object({ topic: z.string(), incarnation: z.number() });
  for await (const found of clickHouse.queryFile(join(root, 'tasks', 'sql', 'stream', 'topic_incarnations.sql'), row)) {
    const topic = TOPIC_NAMES.find((name) => name === found.topic);
    if (topic !== undefined) incarnations.set(topic, found.incarnation);
  }
  return incarnations;
}

/** A token may be good for one connection only: the feed is asked just when no connector holds it. */
async function probe(
  connect: ConnectClient,
  name: string,
  source: ConnectorConfig,
  { env, log }: TaskContext,
): Promise<void> {
  if ((await connect.config(name)) !== undefined) return;
  if (env['RATEHOUSE_FEED_TOKEN'] === undefined && env['RATEHOUSE_FEED_TOKEN_FILE'] === undefined) {
    log.info(
      'the feed was not probed: this task has no token of its own (RATEHOUSE_FEED_TOKEN); the connector will say',
    );
    return;
  }
  const { RATEHOUSE_FEED_TOKEN: token } = readConfig(env, ['RATEHOUSE_FEED_TOKEN']);
  await probeFeed(source['feed.url'] ?? '', token);
  log.info('the feed takes the token');
}

/** Waits until the topic trades holds something; returns its end offset, which counts transaction markers too. */
function firstTrades(admin: Admin, connect: ConnectClient, name: string, { signal }: TaskContext): Promise<number> {
  return waitFor(
    async () => {
      const offsets = await admin.fetchTopicOffsets('trades');
      const records = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
      return records > 0 && records;
    },
    { what: 'the first trades of the feed', timeoutMs: 120_000, signal, check: () => failFast(connect, name) },
  );
}
