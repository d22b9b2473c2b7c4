import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Admin } from 'kafkajs';
import { Codec, contractText, type TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { kafkaClient, TopicReader } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { fillIn, type ConnectorConfig } from '../../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { TestStack } from '../test-stack.ts';
import { Connector } from './connector.ts';
import { miniLedger, type FeedRecords, type LedgerOptions, type MiniLedger } from './mini-ledger.ts';
import type { SentLog } from './sent-log.ts';

/** What the scenarios want to be quicker than the product does it. */
const QUICK = {
  'backoff.initial.ms': '100',
  'backoff.max.ms': '1000',
  'counts.interval.ms': '1000',
  'ping.interval.ms': '200',
};

const FEED_TOPICS = ['trades', 'feed-events', 'trades-dlq'] as const;
type FeedTopic = (typeof FEED_TOPICS)[number];

/** A feed of a scenario's own: its connector, as the product configures it, on topics of its own. */
export class Feed {
  readonly connector: Connector;
  readonly config: ConnectorConfig;
  private readonly codec: Codec;

  private constructor(
    readonly name: string,
    private readonly test: TestStack,
    private readonly sent: SentLog,
    url: string,
    options: ConnectorConfig,
    worker: string,
  ) {
    this.connector = new Connector(worker, name);
    this.codec = new Codec(test.stack.root, new RegistryClient({ url: test.stack.url('registry') }));
    const shipped = 'trades-replay.json';
    const text = readFileSync(join(test.stack.root, 'connectors', 'config', shipped), 'utf8');
    const wanted: ConnectorConfig = {
      ...fillIn(shipped, text, new Map(Object.entries({ ...test.taskEnv, RATEHOUSE_REPLAY_URL: url }))),
      ...QUICK,
      'feed.name': name,
      'feed.symbols': 'A,B,C',
      'offsets.storage.topic': `${name}-offsets`,
      'topic.trades': this.topic('trades'),
      'topic.feed.events': this.topic('feed-events'),
      'topic.dlq': this.topic('trades-dlq'),
      ...options,
    };
    // An option that is left empty is left out, so that a scenario can do without one that is shipped.
    this.config = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
  }

  /** Makes topics and schemas and creates the connector, on the stack's worker unless another's address is given. The caller removes it. */
  static async create(
    test: TestStack,
    name: string,
    { url, log }: { readonly url: string; readonly log: SentLog },
    options: ConnectorConfig = {},
    worker = test.stack.url('connect'),
  ): Promise<Feed> {
    const feed = new Feed(name, test, log, url, options, worker);
    const topics = FEED_TOPICS.map((topic) => feed.topic(topic));
    await feed.withAdmin(async (admin) => {
      await admin.createTopics({
        waitForLeaders: false,
        topics: topics.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
      });
      // kafkajs does not wait for a topic that the broker does not tell of yet.
      await waitFor(() => admin.fetchTopicMetadata({ topics }), { what: `the topics of ${name}`, timeoutMs: 30_000 });
    });
    const registry = new RegistryClient({ url: test.stack.url('registry') });
    for (const topic of FEED_TOPICS)
      await registry.register(`${feed.topic(topic)}-value`, contractText(test.stack.root, topic));
    await feed.connector.put(feed.config);
    return feed;
  }

  topic(topic: FeedTopic): string {
    return `${this.name}-${topic}`;
  }

  /** Changes its configuration while it runs. */
  async reconfigure(options: ConnectorConfig): Promise<void> {
    await this.connector.put({ ...this.config, ...options });
  }

  async records(): Promise<FeedRecords> {
    const reader = await TopicReader.connect([this.test.stack.address('kafka')], jsonLog());
    try {
      return {
        trades: await this.read(reader, 'trades'),
        events: await this.read(reader, 'feed-events'),
        refused: await this.read(reader, 'trades-dlq'),
      };
    } finally {
      await reader.close();
    }
  }

  private async read<T extends FeedTopic>(reader: TopicReader, topic: T): Promise<TopicValues[T][]> {
    const values = this.codec.reader<T>(topic);
    const found: TopicValues[T][] = [];
    const name = this.topic(topic);
    for await (const records of reader.read(name, await reader.range(name)))
      found.push(...(await values.readAll(records)));
    return found;
  }

  /** Waits until the topics say what is asked for. */
  async until(what: string, ask: (records: FeedRecords) => boolean, timeoutMs = 120_000): Promise<FeedRecords> {
    return waitFor(
      async () => {
        const records = await this.records();
        return ask(records) && records;
      },
      { what: `${this.name}: ${what}`, timeoutMs, intervalMs: 500 },
    );
  }

  /** Waits for an event of a kind, the `count`th. */
  async event(kind: string, count = 1, timeoutMs = 120_000): Promise<TopicValues['feed-events']> {
    const events = ({ events: all }: FeedRecords): TopicValues['feed-events'][] =>
      all.filter(({ event }) => event === kind);
    const found = await this.until(`event ${kind} ${count}`, (records) => events(records).length >= count, timeoutMs);
    return events(found)[count - 1] as TopicValues['feed-events'];
  }

  ledger(records: FeedRecords, options: Partial<LedgerOptions> = {}): MiniLedger {
    const { replayToken } = this.test.stack.credentials;
    return miniLedger(this.sent.items, records, { secrets: [replayToken], ...options });
  }

  /**
   * Waits until everything that was sent is accounted for, removes the connector, and holds what its topics say to the promise
   * once more. Throws with what is wrong.
   */
  async settle(options: Partial<LedgerOptions> = {}, timeoutMs = 180_000): Promise<MiniLedger & FeedRecords> {
    let last: readonly string[] = [];
    await waitFor(
      async () => {
        last = this.ledger(await this.records(), options).problems;
        return last.length === 0;
      },
      { what: `the ledger of ${this.name} to balance`, timeoutMs, intervalMs: 1000 },
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ''}\n${shown(last)}`, { cause: error });
    });
    await this.connector.remove();
    const records = await this.records();
    const ledger = this.ledger(records, options);
    if (ledger.problems.length > 0) throw new Error(`The ledger of ${this.name}:\n${shown(ledger.problems)}`);
    return { ...ledger, ...records };
  }

  /** Removes the connector, where it is still there, and the topics. */
  async remove(): Promise<void> {
    if ((await this.connector.status()) !== undefined) await this.connector.remove();
    await this.withAdmin(async (admin) => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${this.name}-`));
      await admin.deleteTopics({ topics });
    });
  }

  async withAdmin(work: (admin: Admin) => Promise<unknown>): Promise<void> {
    const admin = kafkaClient([this.test.stack.address('kafka')], jsonLog()).admin();
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** The first of many. */
function shown(problems: readonly string[]): string {
  const rest = problems.length > 20 ? [`... and ${problems.length - 20} more`] : [];
  return [...problems.slice(0, 20), ...rest].join('\n');
}
