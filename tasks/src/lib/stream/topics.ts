import type { Admin } from 'kafkajs';
import { TOPIC_NAMES, type TopicName } from '../contracts.ts';
import { RatehouseError } from '../error.ts';
import topics from '../../../../contracts/topics.json' with { type: 'json' };

/** Kept by the time of receipt; the lake keeps them for ever. */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/** Wanted topics that the cluster does not have. */
export function missingTopics(existing: readonly string[]): TopicName[] {
  return TOPIC_NAMES.filter((topic) => !existing.includes(topic));
}

/**
 * Creates topics with the partitions of contracts/topics.json; one that another process created meanwhile is no failure.
 * @param replicas replication factor; 1 on the embedded stack
 */
export async function createTopics(admin: Admin, names: readonly TopicName[], replicas: number): Promise<void> {
  if (names.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    timeout: 30_000,
    topics: names.map((topic) => ({
      topic,
      numPartitions: topics[topic].partitions,
      replicationFactor: replicas,
      configEntries: [{ name: 'retention.ms', value: String(RETENTION_MS) }],
    })),
  });
}

/** Refuses topics that have other partitions than the contract says: keys would land elsewhere, and order would be lost. */
export async function checkPartitions(admin: Admin): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...TOPIC_NAMES] });
  for (const { name, partitions } of found) {
    const wanted = TOPIC_NAMES.find((topic) => topic === name);
    if (wanted !== undefined && partitions.length !== topics[wanted].partitions) {
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        `Topic ${name} has ${partitions.length} partitions, contracts/topics.json wants ${topics[wanted].partitions}. ` +
          'A key would move to another partition and its order be lost: create the topic anew, or change the contract.',
      );
    }
  }
}
