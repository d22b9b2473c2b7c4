import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../plan/plan.ts';
import type { Window } from '../plan/window.ts';
import type { Trino } from '../trino.ts';
import type { LedgerBook } from './book.ts';
import type { BronzeBook } from './bronze-book.ts';
import type { HistoryBook } from './history-book.ts';

const snapshotRow = z.object({
  bronze_table: z.enum(['trades', 'trades_history', 'coverage', 'trades_dlq', 'feed_events']),
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
const bronzeMinuteRow = minuteRow.extend({ touched: z.boolean(), late_at_most: z.int() });
const historyMinuteRow = minuteRow.extend({ fetch_id: z.string() });
const historyRunRow = runRow
  .omit({ feed: true, connection_id: true, kind: true })
  .extend({ symbol: z.string(), fetch_id: z.string(), highest_offset: z.int() });
const coverageRow = z.object({
  symbol: z.string(),
  covered_from: z.int(),
  covered_to: z.int(),
  trade_count: z.int(),
  fetch_id: z.string(),
  unavailable_reason: z.string().nullable(),
  kafka_partition: z.int(),
  kafka_offset: z.int(),
});

export interface LakeSources {
  readonly trino: Trino;
  readonly root: string;
  /** Of the minutes that are looked at. */
  readonly window: Window;
}

/** Enters the batch lane's candles. */
export async function readBatchCandles({ trino, root, window }: LakeSources, book: LedgerBook): Promise<number> {
  let count = 0;
  const parameters = { from: window.start, to: window.end };
  for await (const row of trino.queryFile(sql(root, 'candles'), minuteRow, parameters)) {
    book.candle('batch_candles', row.symbol, row.minute, row.trades);
    count++;
  }
  return count;
}

/**
 * Enters what bronze holds, each table at the snapshot that it has now. Since these stay as they are, the queries need no order.
 * What comes over the wire is a row for each run of identities and each symbol-minute, none for a single trade.
 *
 * @param books what is read goes to
 * @param last the last finished run's plan: minutes with trades that it had not seen are marked
 * @param partitions of topic trades. Of two, one may hold back the stream's watermark or be left out of it while it is idle, so
 *   which trades can be late is known of one alone
 * @returns how many trades bronze holds
 */
export async function readBronze(
  { trino, root, window }: LakeSources,
  { lake, history, book }: { readonly lake: BronzeBook; readonly history: HistoryBook; readonly book: LedgerBook },
  last: Plan | undefined,
  partitions: number,
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
    const parameters = { snapshot, seen, from: window.start, to: window.end };
    for await (const row of trino.queryFile(sql(root, 'minutes'), bronzeMinuteRow, parameters)) {
      const lateAtMost = partitions > 1 ? row.trades : row.late_at_most;
      book.bronzeMinute(row.symbol, row.minute, row.trades, row.touched, lateAtMost);
    }
  };
  const historyRuns = async (snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, 'trades_history'), historyRunRow, { snapshot }))
      history.run({
        symbol: row.symbol,
        fetch_id: row.fetch_id,
        copy: row.copy,
        from: row.first_number,
        to: row.last_number,
        first: { topic: row.first_topic, partition: row.first_partition, offset: row.first_offset },
        last: { topic: row.last_topic, partition: row.last_partition, offset: row.last_offset },
        highest: row.highest_offset,
      });
  };
  const historyMinutes = async (snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, 'history_minutes'), historyMinuteRow, { snapshot }))
      history.minute(row.fetch_id, row.symbol, row.minute, row.trades);
  };
  const coverage = async (snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, 'coverage'), coverageRow, { snapshot }))
      history.event({
        symbol: row.symbol,
        from: row.covered_from,
        to: row.covered_to,
        trades: row.trade_count,
        fetch: row.fetch_id,
        unavailable: row.unavailable_reason,
        partition: row.kafka_partition,
        offset: row.kafka_offset,
      });
  };
  const counts = async (snapshot: bigint): Promise<void> => {
    for await (const row of trino.queryFile(sql(root, 'feed_events'), countsRow, { snapshot })) lake.count(row);
  };

  const [trades, refused, events] = (['trades', 'trades_dlq', 'feed_events'] as const).map((t) => snapshots.get(t));
  const [fetched, covered] = (['trades_history', 'coverage'] as const).map((t) => snapshots.get(t));
  await Promise.all([
    ...(trades === undefined ? [] : [identities('trades', trades), offsets('trades', trades), minutes(trades)]),
    ...(refused === undefined ? [] : [identities('trades_dlq', refused), offsets('trades_dlq', refused)]),
    ...(events === undefined ? [] : [counts(events)]),
    ...(fetched === undefined ? [] : [historyRuns(fetched), historyMinutes(fetched)]),
    ...(covered === undefined ? [] : [coverage(covered)]),
  ]);
  return lake.stage.trades;
}

function sql(root: string, name: string): string {
  return join(root, 'trino', 'ledger', `${name}.sql`);
}
