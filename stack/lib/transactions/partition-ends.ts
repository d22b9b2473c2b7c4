import Cluster from 'kafkajs/src/cluster/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import type { Log } from '../../../tasks/src/lib/log.ts';
import type { PartitionEnd } from './stuck-partitions.ts';

const ISOLATION = { uncommitted: 0, committed: 1 } as const;

/** The ends of all partitions, those of Kafka's own topics too. Throws within seconds when the broker does not answer. */
export async function partitionEnds(brokers: readonly string[], log: Log): Promise<PartitionEnd[]> {
  const cluster = new Cluster({
    logger: kafkaClient(brokers, log).logger(),
    socketFactory: socketFactory(),
    brokers,
    clientId: 'ratehouse',
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    retry: { retries: 1, initialRetryTime: 200 },
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: ISOLATION.uncommitted,
  });
  try {
    await cluster.connect();
    const { topicMetadata } = await cluster.metadata();
    const partitions = topicMetadata.flatMap(({ topic, partitionMetadata }) =>
      partitionMetadata.map(({ partitionId, leader }) => ({ topic, partition: partitionId, leader })),
    );
    const ends: PartitionEnd[] = [];
    for (const leader of new Set(partitions.map((each) => each.leader))) {
      const broker = await cluster.findBroker({ nodeId: leader });
      const led = partitions.filter((each) => each.leader === leader);
      const offsets = async (isolationLevel: 0 | 1): Promise<Map<string, number>> => {
        const topics = led.map(({ topic, partition }) => ({ topic, partitions: [{ partition, timestamp: -1 }] }));
        const { responses } = await broker.listOffsets({ replicaId: -1, isolationLevel, topics });
        return new Map(
          responses.flatMap(({ topic, partitions: found }) =>
            found.map(({ partition, offset }) => [`${topic}-${partition}`, Number(offset)] as const),
          ),
        );
      };
      // In this order: what is written in between makes a partition look stuck for a moment, never free.
      const stable = await offsets(ISOLATION.committed);
      const end = await offsets(ISOLATION.uncommitted);
      for (const { topic, partition } of led) {
        const [from, to] = [stable, end].map((of) => of.get(`${topic}-${partition}`));
        if (from !== undefined && to !== undefined) ends.push({ topic, partition, stable: from, end: to });
      }
    }
    return ends;
  } finally {
    await cluster.disconnect();
  }
}
