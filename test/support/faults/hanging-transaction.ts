import kafkajs from 'kafkajs';
import Cluster from 'kafkajs/src/cluster/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { partitionEnds } from '../../../stack/lib/transactions/partition-ends.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';

const log = jsonLog(() => undefined);

/**
 * Leaves a record of a transaction in partition 0 of a new topic of which its coordinator knows nothing, as a full disk can: the
 * broker is told for a moment not to ask the coordinator before it writes.
 */
export async function leaveHangingTransaction(broker: string, topic: string): Promise<void> {
  const admin = kafkaClient([broker], log).admin();
  const verification = async (value: 'true' | 'false'): Promise<void> => {
    const configEntries = [{ name: 'transaction.partition.verification.enable', value }];
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.BROKER, name: '1', configEntries }],
    });
  };
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await verification('false');
    await writeUnannounced(broker, topic);
    await verification('true');
  } finally {
    await admin.disconnect();
  }
}

/** Whether readers of committed records wait in the topic for the end of a transaction. */
export async function readersWait(broker: string, topic: string): Promise<boolean> {
  return (await partitionEnds([broker], log)).some((each) => each.topic === topic && each.stable < each.end);
}

async function writeUnannounced(address: string, topic: string): Promise<void> {
  const cluster = new Cluster({
    logger: kafkaClient([address], log).logger(),
    socketFactory: socketFactory(),
    brokers: [address],
    clientId: 'hanging',
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    retry: { retries: 5, initialRetryTime: 200 },
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: 0,
  });
  const transactionalId = `hanging-${topic}`;
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([topic]);
    const coordinator = await cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: 1 });
    const { producerId, producerEpoch } = await coordinator.initProducerId({
      transactionalId,
      transactionTimeout: 60_000,
    });
    const leader = cluster.findTopicPartitionMetadata(topic)[0]?.leader ?? 0;
    const broker = await cluster.findBroker({ nodeId: leader });
    await broker.produce({
      acks: -1,
      timeout: 10_000,
      transactionalId,
      producerId,
      producerEpoch,
      compression: kafkajs.CompressionTypes.None,
      topicData: [
        { topic, partitions: [{ partition: 0, firstSequence: 0, messages: [{ key: null, value: 'open' }] }] },
      ],
    });
  } finally {
    await cluster.disconnect();
  }
}
