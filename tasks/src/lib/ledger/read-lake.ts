import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../plan/plan.ts';
import type { Trino } from '../trino.ts';
import type { LedgerBook } from './book.ts';
import type { BronzeBook } from './bronze-book.ts';

const snapshotRow = z.object({
  bronze_table: z.enum(['trades', 'trades_dlq', 'feed_events']),
  snapshot_id: z.string().regex(/^\d+$/),
});
type BronzeTable = z.output<typeof snapshotRow>['bronze_table'];

const runRow = z.object({
  feed: z.string(),
  connection_id: z.int(),
  kind: z.enum(['trade', 'refused', 'frame']),
  copy: z.int(),
  first_number: z.int(),
  last_number: z.int(),
  first_topic: z.string(),
  first_partition: z.int(),
  first_offset: z.int(),
  last_topic: z.string(),
  last_partition: z.int(),
  last_offset: z.int(),
});
const offsetsRow = z.object({
  kind: z.enum(['highest', 'doubled']),
  kafka_topic: z.string(),
  kafka_partition: z.int(),
  first_offset: z.int(),
  last_offset: z.int(),
});
const countsRow = z.object({
  feed: z.string(),
  connection_id: z.int(),
  frames: z.int(),
  trades: z.int(),
  refused: z.int(),
  refused_frames: z.int(),
  last_sequence: z.int(),
  closed: z.boolean(),
});
const minuteRow = z.object({ symbol: z.string(), minute: z.int(), trades: z.int() });
const bronzeMinuteRow = minuteRow.extend({ touched: z.boolean() });

export interface LakeSources {
  readonly trino: Trino;
  readonly root: string;
}

/** Enters the batch lane's candles. */
export async function readBatchCandles({ trino, root }: LakeSources, book: LedgerBook): Promise<number> {
  let count = 0;
  for await (const row of trino.queryFile(sql(root, 'candles'), minuteRow)) {
    book.candle('batch_candles', row.symbol, row.minute, row.trades);
    count++;
  }
  return count;
}

/**
 * Enters what bronze holds, each table at the snapshot that it has now. Since these stay as they are, the queries need no order.
 * What comes over the wire is a row for each run of identities and each symbol-minute, none for a single trade.
 *
 * @param last the last finished run's plan: minutes with trades that it had not seen are marked
 * @returns how many trades bronze holds
 */
export async function readBronze(
  { trino, root }: LakeSources,
  lake: BronzeBook,
  book: LedgerBook,
  last: Plan | undefined,
): Promise<number> {
  const snapshots = new Map<BronzeTable, bigint>();
  for await (const row of trino.queryFile(sql(root, 'snapshots'), snapshotRow))
    snapshots.set(row.bronze_table, BigInt(row.snapshot_id));

  const identities = async (table: 'trades' | 'trades_dlq', snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, table), runRow, { snapshot }))
      lake.run({
        feed: row.feed,
        connection_id: row.connection_id,
        kind: row.kind,
        copy: row.copy,
        from: row.first_number,
        to: row.last_number,
        first: { topic: row.first_topic, partition: row.first_partition, offset: row.first_offset },
        last: { topic: row.last_topic, partition: row.last_partition, offset: row.last_offset },
      });
  };
  const offsets = async (table: 'trades' | 'trades_dlq', snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, `${table}_offsets`), offsetsRow, { snapshot })) {
      if (row.kind === 'highest') lake.highest(row.kafka_topic, row.kafka_partition, row.last_offset);
      else lake.doubledOffsets(row.kafka_topic, row.kafka_partition, { from: row.first_offset, to: row.last_offset });
    }
  };
  const minutes = async (snapshot: bigint): Promise<void> => {
    const seen = JSON.stringify(last?.offsets ?? {});
    for await (const row of trino.queryFile(sql(root, 'minutes'), bronzeMinuteRow, { snapshot, seen }))
      book.bronzeMinute(row.symbol, row.minute, row.trades, row.touched);
  };
  const counts = async (snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, 'feed_events'), countsRow, { snapshot })) lake.count(row);
  };

  const [trades, refused, events] = (['trades', 'trades_dlq', 'feed_events'] as const).map((t) => snapshots.get(t));
  await Promise.all([
    ...(trades === undefined ? [] : [identities('trades', trades), offsets('trades', trades), minutes(trades)]),
    ...(refused === undefined ? [] : [identities('trades_dlq', refused), offsets('trades_dlq', refused)]),
    ...(events === undefined ? [] : [counts(events)]),
  ]);
  return lake.stage.trades;
}

function sql(root: string, name: string): string {
  return join(root, 'trino', 'ledger', `${name}.sql`);
}
