import { basename } from 'node:path';
import type { Kafka } from 'kafkajs';
import type { TopicReader } from '../kafka.ts';

/** Of every life of the control topic of the Iceberg sink: see newestControlTopic. */
const CONTROL_TOPIC = /^control-lake-bronze-\d+$/;

/**
 * Those of the files that the Iceberg sink has spoken of. Its tasks write a file, announce it on the control topic, and the coordinator
 * commits it when it reads that: after an outage of whatever length. Such a file is not to be removed while its announcement is there.
 *
 * The names are looked for in the records as they are: Avro writes a text as its bytes.
 *
 * @param since epoch ms, before the oldest of the files was written
 */
export async function announced(
  kafka: Kafka,
  reader: TopicReader,
  keys: readonly string[],
  since: number,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const topic of (await admin.listTopics()).filter((name) => CONTROL_TOPIC.test(name))) {
      const starts = new Map(
        (await admin.fetchTopicOffsetsByTimestamp(topic, since)).map(({ partition, offset }) => [
          partition,
          Number(offset),
        ]),
      );
      const ranges = (await reader.range(topic)).map((range) => ({
        ...range,
        from: Math.max(range.from, starts.get(range.partition) ?? range.from),
      }));
      for await (const records of reader.read(topic, ranges))
        for (const { value } of records) for (const key of namedIn(value, keys)) found.add(key);
    }
  } finally {
    await admin.disconnect();
  }
  return found;
}

/** The keys whose file's name stands in a record. */
export function namedIn(value: Buffer | null, keys: readonly string[]): readonly string[] {
  return value === null ? [] : keys.filter((key) => value.includes(basename(key)));
}
