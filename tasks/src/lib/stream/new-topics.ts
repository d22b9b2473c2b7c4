import type { Admin, ITopicConfig } from 'kafkajs';
import { waitFor } from '../wait.ts';

const TIMEOUT_MS = 30_000;

/**
 * Creates topics and waits until each of their partitions has a leader; one that is there already is no failure. KafkaJS's own wait
 * fails when a broker has not yet heard of a topic that the controller has made, which under load takes a while.
 */
export async function makeTopics(
  admin: Pick<Admin, 'createTopics' | 'fetchTopicMetadata'>,
  topics: readonly ITopicConfig[],
): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  await admin.createTopics({ waitForLeaders: false, timeout: TIMEOUT_MS, topics: [...topics] });
  await waitFor(
    async () => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
      const partitions = found.flatMap((topic) => topic.partitions);
      return found.length === names.length && partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
    },
    { what: `leaders for ${names.join(', ')}`, timeoutMs: TIMEOUT_MS, intervalMs: 100 },
  );
}
