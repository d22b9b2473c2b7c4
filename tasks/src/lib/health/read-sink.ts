import { join } from 'node:path';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import type { TopicReader } from '../kafka.ts';
import type { ConnectClient } from '../stream/connect.ts';
import type { Trino } from '../trino.ts';
import type { DoubledFile, SinkFacts, WaitingRecord } from './judge.ts';

const committedRow = z.object({ topic: z.string(), partition_id: z.int(), last_offset: z.int() });
const doubledRow = z.object({ table_name: z.string(), file_path: z.string(), snapshots: z.int() });

export interface SinkSources {
  readonly connect: ConnectClient;
  readonly kafka: Kafka;
  readonly reader: TopicReader;
  readonly trino: Trino;
  readonly root: string;
}

/** What is to be seen of an Iceberg sink from outside. Reads only. */
export async function readSink(connector: string, sources: SinkSources): Promise<SinkFacts> {
  const config = await sources.connect.config(connector);
  const admin = sources.kafka.admin();
  await admin.connect();
  try {
    const topic = config?.['iceberg.control.topic'];
    // As the sink names it: the group of the connector's tasks, and -coord.
    const group = `connect-${connector}-coord`;
    const { groups } = await admin.describeGroups([group]);
    return {
      connector,
      control: topic === undefined ? undefined : { topic, exists: (await admin.listTopics()).includes(topic) },
      coordinators: { group, members: groups[0]?.members.length ?? 0 },
      waiting: await readWaiting((config?.['topics'] ?? '').split(',').filter(Boolean), sources),
      doubled: await readDoubled(sources),
    };
  } finally {
    await admin.disconnect();
  }
}

/** The lake first: what Kafka holds beyond it may have come since, and is young then. */
async function readWaiting(
  topics: readonly string[],
  { reader, trino, root }: SinkSources,
): Promise<readonly WaitingRecord[]> {
  const last = new Map<string, number>();
  const file = join(root, 'trino', 'health', 'committed.sql');
  for await (const row of trino.queryFile(file, committedRow))
    last.set(`${row.topic}-${row.partition_id}`, row.last_offset);
  const waiting: WaitingRecord[] = [];
  for (const topic of topics) {
    for (const range of await reader.range(topic)) {
      const from = Math.max(range.from, (last.get(`${topic}-${range.partition}`) ?? -1) + 1);
      const batches = reader.read(topic, [{ ...range, from }]);
      const first = await batches.next();
      if (first.done === true) continue;
      await batches.return({ undecided: 0 });
      const [record] = [...first.value].sort((a, b) => a.offset - b.offset);
      if (record !== undefined) {
        const { partition, offset, timestamp } = record;
        waiting.push({ topic, partition, offset, timestamp });
      }
    }
  }
  return waiting;
}

async function readDoubled({ trino, root }: SinkSources): Promise<readonly DoubledFile[]> {
  const found: DoubledFile[] = [];
  for await (const row of trino.queryFile(join(root, 'trino', 'health', 'doubled_files.sql'), doubledRow))
    found.push(row);
  return found;
}
