import Cluster, { type Broker } from 'kafkajs/src/cluster/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';

const READ_COMMITTED = 1;
const FETCH_BYTES = 4 * 1024 * 1024;

export interface FetchedValue {
  readonly offset: number;
  readonly value: Buffer;
}

/**
 * A topic of one partition as a read_committed consumer sees it: up to its last stable offset, which the end of a transaction
 * moves. What is there is the records of committed transactions, for no writer of a bench aborts.
 */
export class CommittedTopic {
  private constructor(
    private readonly cluster: Cluster,
    private readonly topic: string,
  ) {}

  static async connect(broker: string, topic: string): Promise<CommittedTopic> {
    const cluster = new Cluster({
      clientId: 'ratehouse-bench',
      brokers: [broker],
      connectionTimeout: 3000,
      requestTimeout: 30_000,
      retry: { retries: 2, initialRetryTime: 200 },
      logger: kafkaClient([broker], jsonLog()).logger(),
      socketFactory: socketFactory(),
      enforceRequestTimeout: true,
      metadataMaxAge: 600_000,
      allowAutoTopicCreation: false,
      maxInFlightRequests: null,
      isolationLevel: READ_COMMITTED,
    });
    await cluster.connect();
    await cluster.addMultipleTargetTopics([topic]);
    const found = new CommittedTopic(cluster, topic);
    const partitions = cluster.findTopicPartitionMetadata(topic).length;
    if (partitions !== 1) throw new Error(`${topic} has ${partitions} partitions; this reads one.`);
    return found;
  }

  /** The last stable offset. */
  async end(): Promise<number> {
    const [answer] = await this.cluster.fetchTopicsOffset([
      { topic: this.topic, fromBeginning: false, partitions: [{ partition: 0 }] },
    ]);
    return Number(answer?.partitions[0]?.offset);
  }

  /** What is committed from an offset on, some of it; waits up to `waitMs` for the first. `next` is where to go on. */
  async fetch(
    from: number,
    waitMs: number,
  ): Promise<{ readonly values: readonly FetchedValue[]; readonly next: number }> {
    const { responses } = await (
      await this.leader()
    ).fetch({
      replicaId: -1,
      isolationLevel: READ_COMMITTED,
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      topics: [{ topic: this.topic, partitions: [{ partition: 0, fetchOffset: String(from), maxBytes: FETCH_BYTES }] }],
    });
    const messages = (responses[0]?.partitions[0]?.messages ?? []).filter((m) => Number(m.offset) >= from);
    const values = messages.flatMap(({ offset, value, isControlRecord }) =>
      isControlRecord || value === null ? [] : [{ offset: Number(offset), value }],
    );
    return { values, next: messages.length === 0 ? from : Number(messages.at(-1)?.offset) + 1 };
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private leader(): Promise<Broker> {
    const [partition] = this.cluster.findTopicPartitionMetadata(this.topic);
    return this.cluster.findBroker({ nodeId: partition?.leader ?? 0 });
  }
}
