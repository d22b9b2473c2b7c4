import type { Admin } from 'kafkajs';
import { TOPIC_NAMES, type TopicName } from '../contracts.ts';
import { RatehouseError } from '../error.ts';
import { makeTopics } from './new-topics.ts';
import topics from '../../../../contracts/topics.json' with { type: 'json' };

/** Kept by the time of receipt; the lake keeps them for ever. */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/** On it the Iceberg sink agrees upon what it commits: it must outlive the longest time for which the sink may be away. */
const CONTROL_RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

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
  const made = names.map((topic) => ({
    topic,
    numPartitions: topics[topic].partitions,
    replicationFactor: replicas,
    configEntries: [{ name: 'retention.ms', value: String(RETENTION_MS) }],
  }));
  await makeTopics(admin, made);
}

/**
 * The control topic of an Iceberg sink: `prefix` and a number, the newest that exists. Each life of the topic has a name of its own:
 * the sink writes the topic's name and offset into its tables, and passes over whatever stands below that offset. A topic that began
 * anew under the old name would lose what it says until it reached that offset again.
 */
export function newestControlTopic(existing: readonly string[], prefix: string): string | undefined {
  const numbers = existing
    .filter((topic) => topic.startsWith(`${prefix}-`))
    .map((topic) => topic.slice(prefix.length + 1))
    .filter((number) => /^[0-9]+$/.test(number));
  const newest = numbers.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest === undefined ? undefined : `${prefix}-${newest}`;
}

/** Creates a control topic. Of one partition: the order of its messages is the order of the commits. */
export async function createControlTopic(admin: Admin, topic: string, replicas: number): Promise<void> {
  await makeTopics(admin, [
    {
      topic,
      numPartitions: 1,
      replicationFactor: replicas,
      configEntries: [{ name: 'retention.ms', value: String(CONTROL_RETENTION_MS) }],
    },
  ]);
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
