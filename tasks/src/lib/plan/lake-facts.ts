import { join } from 'node:path';
import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import type { PartitionRange, TopicReader } from '../kafka.ts';
import type { Trino } from '../trino.ts';
import { horizonOf, type PartitionFacts } from './horizon.ts';
import type { Plan } from './plan.ts';

/** Counts come every ten seconds, a record and a marker each: far more than a few events are among so many offsets. */
const TAIL = 200;

const committedRow = z.object({
  partition_id: z.int(),
  last_offset: z.int(),
  last_timestamp: z.int(),
  newest_timestamp: z.int(),
});
type Committed = z.output<typeof committedRow>;

/** The trades of the lake as of one snapshot, and up to when they are complete. */
export interface LakeFacts {
  readonly snapshot: string;
  readonly offsets: Plan['offsets'];
  /** Epoch ms. */
  readonly horizon: number | undefined;
}

/** Undefined when lake.bronze.trades has no snapshot yet. The order of the steps is what makes the horizon true: see horizonOf. */
export async function readLakeFacts(trino: Trino, kafka: TopicReader, root: string): Promise<LakeFacts | undefined> {
  const snapshot = await currentSnapshot(trino, root);
  if (snapshot === undefined) return undefined;
  const committed: Committed[] = [];
  const file = join(root, 'trino', 'plan', 'committed.sql');
  for await (const row of trino.queryFile(file, committedRow, { snapshot: BigInt(snapshot) })) committed.push(row);

  const events = await newestEvent(kafka);
  const times = [...committed.map((c) => c.newest_timestamp), ...(events === undefined ? [] : [events])];
  const newest = times.length === 0 ? undefined : Math.max(...times);

  const partitions: PartitionFacts[] = [];
  for (const range of await kafka.range('trades')) {
    const last = committed.find((c) => c.partition_id === range.partition);
    partitions.push(await factsOf(kafka, range, last));
  }
  return {
    snapshot,
    offsets: Object.fromEntries(committed.map((c) => [String(c.partition_id), c.last_offset])),
    horizon: horizonOf(partitions, newest),
  };
}

export async function currentSnapshot(trino: Trino, root: string): Promise<string | undefined> {
  const row = z.object({ snapshot_id: z.string().regex(/^\d+$/) });
  let current: string | undefined;
  for await (const { snapshot_id } of trino.queryFile(join(root, 'trino', 'plan', 'snapshot.sql'), row))
    current = snapshot_id;
  return current;
}

async function factsOf(
  kafka: TopicReader,
  { partition, from, to }: PartitionRange,
  committed: Committed | undefined,
): Promise<PartitionFacts> {
  if (committed !== undefined && committed.last_offset >= to) {
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `lake.bronze.trades holds offset ${committed.last_offset} of trades-${partition}, and Kafka ends at ${to}: the topic was ` +
        'created anew, so offsets do not say any more what is new. Bring the topic back, or give the new one a lake of its own.',
    );
  }
  const beyond = { partition, from: Math.max(from, (committed?.last_offset ?? -1) + 1), to };
  const batches = kafka.read('trades', [beyond]);
  const first = await batches.next();
  const facts = {
    partition,
    last: committed === undefined ? undefined : { offset: committed.last_offset, timestamp: committed.last_timestamp },
  };
  if (first.done === true) return { ...facts, next: undefined, undecided: first.value.undecided };
  await batches.return({ undecided: 0 });
  // A batch is in the order of commits.
  return { ...facts, next: Math.min(...first.value.map((record) => record.timestamp)), undecided: 0 };
}

/** The time of the newest committed record of feed-events, which go on when no trade comes. */
async function newestEvent(kafka: TopicReader): Promise<number | undefined> {
  const tail = (await kafka.range('feed-events')).map((r) => ({ ...r, from: Math.max(r.from, r.to - TAIL) }));
  let newest: number | undefined;
  for await (const records of kafka.read('feed-events', tail)) {
    for (const { timestamp } of records) newest = Math.max(newest ?? timestamp, timestamp);
  }
  return newest;
}
