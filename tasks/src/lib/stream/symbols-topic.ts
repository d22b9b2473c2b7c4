import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { Codec, TopicValues, ValueReader } from '../contracts.ts';
import { RatehouseError } from '../error.ts';
import type { PartitionRange, TopicReader } from '../kafka.ts';
import { waitFor } from '../wait.ts';
import { makeTopics } from './new-topics.ts';
import { recordedSymbols, SymbolsTaken, SYMBOLS_TOPIC, type Refusal, type SymbolsChange } from './symbols.ts';

const EVENTS = 'feed-events';
type FeedEvent = TopicValues[typeof EVENTS];
/** A connection that does not come about at once is tried again after half a minute at the most. */
const TAKEN_MS = 120_000;
/** A venue that does not acknowledge subscriptions answers only those that it refuses, some time after they were sent. */
const REFUSAL_MS = 2000;

/** Creates the topic: one partition, of which each feed's newest record stays for ever. */
export async function makeSymbolsTopic(admin: Admin, replicas: number): Promise<void> {
  if (!(await admin.listTopics()).includes(SYMBOLS_TOPIC)) {
    await makeTopics(admin, [
      {
        topic: SYMBOLS_TOPIC,
        numPartitions: 1,
        replicationFactor: replicas,
        configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
      },
    ]);
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: [SYMBOLS_TOPIC] });
  const partitions = topics[0]?.partitions.length ?? 0;
  if (partitions !== 1) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `Topic ${SYMBOLS_TOPIC} has ${partitions} partitions; the source reads one. Delete it and start again: it is made and filled anew.`,
    );
  }
}

/** The symbols that the topic names for a feed; undefined when it names none. */
export async function newestSymbols(kafka: TopicReader, feed: string): Promise<readonly string[] | undefined> {
  let newest: readonly string[] | undefined;
  for await (const records of kafka.read(SYMBOLS_TOPIC, await kafka.range(SYMBOLS_TOPIC))) {
    for (const { key, value } of records) if (key?.toString('utf8') === feed) newest = recordedSymbols(value) ?? newest;
  }
  return newest;
}

export async function writeSymbols(kafka: Kafka, feed: string, symbols: readonly string[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  try {
    await producer.send({ topic: SYMBOLS_TOPIC, messages: [{ key: feed, value: JSON.stringify(symbols) }] });
  } finally {
    await producer.disconnect();
  }
}

/** Follows a feed's events from where they end now, so it is made before a change is asked for. */
export class SymbolsWatch {
  private readonly events: ValueReader<Pick<FeedEvent, 'feed' | 'event' | 'symbols' | 'reason'>>;

  private constructor(
    private readonly kafka: TopicReader,
    codec: Codec,
    private readonly feed: string,
    private positions: readonly PartitionRange[],
  ) {
    this.events = codec.reader(EVENTS, ['feed', 'event', 'symbols', 'reason']);
  }

  static async fromNow(kafka: TopicReader, codec: Codec, feed: string): Promise<SymbolsWatch> {
    const ends = await kafka.range(EVENTS);
    return new SymbolsWatch(
      kafka,
      codec,
      feed,
      ends.map((range) => ({ ...range, from: range.to })),
    );
  }

  /**
   * Waits until the feed has done a change, and returns what the venue refused of it.
   * @param check called between looks; throws when waiting is of no use
   */
  async taken(
    change: SymbolsChange,
    { check, signal }: { check: () => Promise<void>; signal: AbortSignal },
  ): Promise<readonly Refusal[]> {
    const taken = new SymbolsTaken(change);
    const symbols = [...change.added, ...change.removed].join(', ');
    await waitFor(
      async () => {
        await this.advance(taken);
        return taken.open.length === 0;
      },
      {
        what: `feed ${this.feed} to subscribe or unsubscribe ${symbols}`,
        timeoutMs: TAKEN_MS,
        intervalMs: 500,
        signal,
        check,
      },
    );
    await delay(REFUSAL_MS, undefined, { signal });
    await this.advance(taken);
    return taken.refused;
  }

  private async advance(taken: SymbolsTaken): Promise<void> {
    const ends = new Map((await this.kafka.range(EVENTS)).map(({ partition, to }) => [partition, to]));
    const positions: PartitionRange[] = [];
    for (const position of this.positions) {
      positions.push(await this.read({ ...position, to: ends.get(position.partition) ?? position.to }, taken));
    }
    this.positions = positions;
  }

  /** Returns where to go on. */
  private async read(range: PartitionRange, taken: SymbolsTaken): Promise<PartitionRange> {
    const batches = this.kafka.read(EVENTS, [range]);
    for (;;) {
      const next = await batches.next();
      // What waits for the end of its transaction is read again, and all before it: an event says the same however often.
      if (next.done === true) return next.value.undecided > 0 ? range : { ...range, from: range.to };
      for (const event of await this.events.readAll(next.value)) if (event.feed === this.feed) taken.accept(event);
    }
  }
}
