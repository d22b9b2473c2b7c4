import type { Kafka } from 'kafkajs';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { TestStack } from '../test-stack.ts';
import { Feed } from './feed.ts';
import type { VenueConnection } from './venue-connection.ts';
import { VenueServer, type VenueOptions } from './venue-server.ts';
import type { ConnectorConfig } from '../../../tasks/src/lib/stream/connect.ts';

export const SYMBOLS = ['A', 'B', 'C'] as const;
const PORT_BASE = 24_000;
/** Ports of the range that no engine of this lane uses. */
const FIRST_SERVER_PORT = 80;

/** One stack of Kafka, registry and Connect for all scenarios of a file; servers and feeds are removed after each. */
export class Scenarios {
  readonly test = new TestStack(PORT_BASE);
  private servers: VenueServer[] = [];
  private feeds: Feed[] = [];
  private ports = 0;

  async start(): Promise<void> {
    await this.test.mustRun('start', '--lane', 'source', '--engines-only');
  }

  /** After each scenario. */
  async clear(): Promise<void> {
    for (const feed of this.feeds) await feed.remove();
    for (const server of this.servers) await server.shut();
    this.feeds = [];
    this.servers = [];
  }

  async remove(): Promise<void> {
    await this.test.remove();
  }

  async server(options: Omit<VenueOptions, 'port'> = {}): Promise<VenueServer> {
    this.ports = (this.ports + 1) % 20;
    const server = new VenueServer({ ...options, port: this.test.stack.portBase + FIRST_SERVER_PORT + this.ports });
    this.servers.push(server);
    await server.listen();
    return server;
  }

  async symbolsTopic(): Promise<SymbolsTopic> {
    const topic = new SymbolsTopic('feed-symbols', kafkaClient([this.test.stack.address('kafka')], jsonLog()));
    await topic.create();
    return topic;
  }

  async feed(name: string, server: VenueServer, options: ConnectorConfig = {}, worker?: string): Promise<Feed> {
    const feed = await Feed.create(this.test, name, server, options, worker);
    this.feeds.push(feed);
    return feed;
  }
}

/** The compacted topic that names the symbols of feeds. */
export class SymbolsTopic {
  constructor(
    readonly name: string,
    private readonly kafka: Kafka,
  ) {}

  async create(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
    await admin.createTopics({ topics: [{ topic: this.name, numPartitions: 1, replicationFactor: 1, configEntries }] });
    await admin.disconnect();
  }

  async write(feed: string, symbols: readonly string[]): Promise<void> {
    const producer = this.kafka.producer({ idempotent: true });
    await producer.connect();
    await producer.send({ topic: this.name, messages: [{ key: feed, value: JSON.stringify(symbols) }] });
    await producer.disconnect();
  }
}

/** Waits until a connection, counted from 1, is there and has subscribed to so many symbols. */
export async function subscribed(
  server: VenueServer,
  number = 1,
  symbols: number = SYMBOLS.length,
): Promise<VenueConnection> {
  return waitFor(
    () => {
      const connection = server.connections[number - 1];
      return Promise.resolve(connection !== undefined && connection.symbols.length >= symbols && connection);
    },
    { what: `connection ${number} with ${symbols} symbols`, timeoutMs: 120_000, intervalMs: 20 },
  );
}
