import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import Cluster, { type RawRecord } from 'kafkajs/src/cluster/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { RatehouseError, describe } from './error.ts';
import { CommittedRecords, type LoggedRecord } from './kafka-committed.ts';
import type { Log } from './log.ts';

const CLIENT_ID = 'ratehouse';
/** A peer that is down is told in seconds: two more tries, a second apart at the most. */
const CONNECT = {
  clientId: CLIENT_ID,
  connectionTimeout: 3000,
  requestTimeout: 10_000,
  retry: { retries: 2, initialRetryTime: 200 },
};
const FETCH_BYTES = 1024 * 1024;
const FETCH_WAIT_MS = 500;
/** No progress for this long, with records said to be there, is a broker that does not serve. */
const STALL_MS = 20_000;
/** A commit's markers reach the partitions within milliseconds; a producer that died in a transaction takes its time-out. */
const SETTLE_MS = 10_000;

/**
 * The public client of kafkajs, quiet and in our log's form. It gives up within seconds, which suits admin calls; a producer
 * that is to outlast a broker's restart wants `retry` of its own.
 */
export function kafkaClient(brokers: readonly string[], log: Log): Kafka {
  return new Kafka({
    brokers: [...brokers],
    ...CONNECT,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      logEntry(log, entry);
    },
  });
}

function logEntry(log: Log, { level, namespace, log: { message, error } }: LogEntry): void {
  // Told at each start to those who come from its version 1; nobody here does.
  if (message.startsWith('KafkaJS v2.0.0 switched default partitioner')) return;
  const fields = { client: 'kafkajs', namespace, ...(typeof error === 'string' ? { error } : {}) };
  // Its errors are retried, or thrown to us as well.
  if (level === logLevel.ERROR || level === logLevel.WARN) log.warn(message, fields);
}

/** One committed record; its coordinates are what a report names. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** The part of a partition to read: from `from`, inclusive, to `to`, exclusive. */
export interface PartitionRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export interface ReadEnd {
  /** Records within the range whose transactions were still open when the reader stopped waiting for them. */
  readonly undecided: number;
}

/**
 * Reads topics up to a fixed end, committed records only, with no consumer group and so with no trace on the broker.
 * Positions are counted by what the log holds, markers included: a range that ends with markers ends, and so does an empty one.
 */
export class TopicReader {
  private readonly cluster: Cluster;
  private readonly brokers: readonly string[];
  private readonly signal: AbortSignal | undefined;

  private constructor(cluster: Cluster, brokers: readonly string[], signal: AbortSignal | undefined) {
    this.cluster = cluster;
    this.brokers = brokers;
    this.signal = signal;
  }

  /** Throws RATEHOUSE_UNREACHABLE within seconds when no broker answers. */
  static async connect(brokers: readonly string[], log: Log, signal?: AbortSignal): Promise<TopicReader> {
    const cluster = new Cluster({
      ...CONNECT,
      brokers,
      logger: kafkaClient(brokers, log).logger(),
      socketFactory: socketFactory(),
      enforceRequestTimeout: true,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      maxInFlightRequests: null,
      isolationLevel: 0,
    });
    const reader = new TopicReader(cluster, brokers, signal);
    try {
      await cluster.connect();
    } catch (error) {
      await reader.close();
      throw reader.unreachable('a connection', error);
    }
    return reader;
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  /**
   * What the topic holds now: for each partition its first offset and its end, with the records of open transactions.
   * Throws RATEHOUSE_REFUSED when there is no such topic.
   */
  async range(topic: string): Promise<readonly PartitionRange[]> {
    return this.retried(`the offsets of topic ${topic}`, async () => {
      await this.target(topic);
      const partitions = this.cluster.findTopicPartitionMetadata(topic).map((p) => ({ partition: p.partitionId }));
      const offsets = async (fromBeginning: boolean): Promise<Map<number, number>> => {
        const [answer] = await this.cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions }]);
        return new Map(answer?.partitions.map((p) => [p.partition, Number(p.offset)]));
      };
      const low = await offsets(true);
      const high = await offsets(false);
      return partitions
        .map(({ partition }) => ({ partition, from: low.get(partition) ?? 0, to: high.get(partition) ?? 0 }))
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** The committed records of the ranges, one partition after the other, each in the order of their commits. */
  async *read(
    topic: string,
    ranges: readonly PartitionRange[],
  ): AsyncGenerator<readonly TopicRecord[], ReadEnd, undefined> {
    let undecided = 0;
    for (const range of ranges) undecided += yield* this.readPartition(topic, range);
    return { undecided };
  }

  private async *readPartition(
    topic: string,
    { partition, from, to }: PartitionRange,
  ): AsyncGenerator<readonly TopicRecord[], number, undefined> {
    const committed = new CommittedRecords();
    let position = from;
    let progressAt = Date.now();
    let endAt: number | undefined;
    let next = from < to ? this.fetch(topic, partition, position) : undefined;
    while (next !== undefined) {
      this.signal?.throwIfAborted();
      const logged = await next;
      if (logged.length > 0) progressAt = Date.now();
      else if (position < to && Date.now() - progressAt > STALL_MS) {
        throw this.unreachable(`records of ${topic}-${partition} from offset ${position} on, up to ${to}`);
      }
      position = Math.max(position, (logged.at(-1)?.offset ?? -1) + 1);
      if (position >= to) endAt ??= Date.now();
      const visible = logged.flatMap((record) => committed.accept(record)).filter((record) => record.offset < to);
      const settled = endAt !== undefined && (committed.undecidedBelow(to) === 0 || Date.now() - endAt > SETTLE_MS);
      // The next fetch is under way while the caller works on this one.
      next = settled ? undefined : this.fetch(topic, partition, position);
      next?.catch(() => undefined);
      if (visible.length > 0)
        yield visible.map((r) => ({
          topic,
          partition,
          offset: r.offset,
          timestamp: r.timestamp,
          key: r.key,
          value: r.value,
        }));
    }
    return committed.undecidedBelow(to);
  }

  private async fetch(topic: string, partition: number, offset: number): Promise<readonly LoggedRecord[]> {
    return this.retried(`records of ${topic}-${partition}`, async () => {
      await this.cluster.refreshMetadataIfNecessary();
      const leader = this.cluster.findTopicPartitionMetadata(topic).find((p) => p.partitionId === partition)?.leader;
      if (leader === undefined) throw new Error(`partition ${partition} has no leader`);
      const broker = await this.cluster.findBroker({ nodeId: leader });
      const reply = await this.fetchOnce(broker, topic, partition, offset);
      return reply.map(logged);
    });
  }

  private async fetchOnce(
    broker: Awaited<ReturnType<Cluster['findBroker']>>,
    topic: string,
    partition: number,
    offset: number,
  ): Promise<readonly RawRecord[]> {
    try {
      const { responses } = await broker.fetch({
        replicaId: -1,
        // All of it: CommittedRecords decides, by the markers.
        isolationLevel: 0,
        maxWaitTime: FETCH_WAIT_MS,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }] }],
      });
      // A broker answers with whole batches, which may begin before the offset.
      return (responses[0]?.partitions[0]?.messages ?? []).filter((r) => Number(r.offset) >= offset);
    } catch (error) {
      // Retention has taken what was asked for; the log goes on at its new beginning.
      if (typeOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
      const [first] = (await this.range(topic)).filter((r) => r.partition === partition);
      if (first === undefined || first.from <= offset) throw error;
      return this.fetchOnce(broker, topic, partition, first.from);
    }
  }

  private async target(topic: string): Promise<void> {
    try {
      await this.cluster.addMultipleTargetTopics([topic]);
    } catch (error) {
      if (typeOf(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      throw new RatehouseError(
        'RATEHOUSE_REFUSED',
        `Kafka at ${this.brokers.join(', ')} has no topic ${topic}. ratehouse start-stream creates the topics.`,
        { cause: error },
      );
    }
  }

  /** A leader that moves or a broker that restarts is asked again, with fresh metadata, for as long as a stall may last. */
  private async retried<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + STALL_MS;
    for (;;) {
      this.signal?.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (error instanceof RatehouseError) throw error;
        if (Date.now() >= deadline || !isRetriable(error)) throw this.unreachable(what, error);
        await delay(500, undefined, { signal: this.signal });
        await this.cluster.refreshMetadata().catch(() => undefined);
      }
    }
  }

  private unreachable(what: string, cause?: unknown): RatehouseError {
    const why = cause === undefined ? 'it does not serve them' : describe(cause);
    return new RatehouseError(
      'RATEHOUSE_UNREACHABLE',
      `Wanted ${what} from Kafka at ${this.brokers.join(', ')}: ${why}. Is the broker running? RATEHOUSE_KAFKA_BROKERS says where it is looked for.`,
      { cause },
    );
  }
}

function typeOf(error: unknown): unknown {
  return error instanceof Error && 'type' in error ? error.type : undefined;
}

/** kafkajs marks its errors, and hides the mark when its own retries are used up. What it does not mark will not go away. */
function isRetriable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('retriable' in error && error.retriable === true) return true;
  return error.name === 'KafkaJSConnectionClosedError' || isRetriable(error.cause);
}

function logged(record: RawRecord): LoggedRecord {
  const { key, batchContext } = record;
  return {
    offset: Number(record.offset),
    timestamp: Number(record.timestamp),
    key,
    value: record.value,
    producerId: batchContext.producerId,
    inTransaction: batchContext.inTransaction,
    // A control record's key is a version and a type, 2 bytes each: 0 aborts, 1 commits.
    marker: !record.isControlRecord ? undefined : key?.readInt16BE(2) === 1 ? 'commit' : 'abort',
  };
}
