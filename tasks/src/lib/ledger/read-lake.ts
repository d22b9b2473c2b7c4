import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../plan/plan.ts';
import type { Window } from '../plan/window.ts';
import type { TrinoParameters } from '../trino-parameters.ts';
import type { Trino } from '../trino.ts';
import type { LedgerBook } from './book.ts';
import type { BronzeBook, BronzeRun } from './bronze-book.ts';
import type { HistoryBook } from './history-book.ts';
import type { Run } from './sequence-set.ts';

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
const tradeRunRow = runRow.extend({ even: z.boolean() });
const highestRow = z.object({
  kafka_topic: z.string(),
  kafka_partition: z.int(),
  highest: z.int(),
  doubled: z.boolean(),
});
const doubledRow = z.object({
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
const bronzeMinuteRow = minuteRow.extend({ touched: z.boolean(), late_at_most: z.int(), divided: z.boolean() });
const lateRow = minuteRow.omit({ trades: true }).extend({ late: z.int() });
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
 * What bronze holds, each table at the snapshot that it had when it was pinned. Since these stay as they are, the queries need no
 * order, and may go on while Kafka is read. What comes over the wire is a row for each run of identities and each symbol-minute,
 * none for a single trade; queries that look at trades one by one are asked where blocks of them do not tell enough, and only there.
 */
export class PinnedBronze {
  private constructor(
    private readonly sources: LakeSources,
    private readonly snapshots: ReadonlyMap<BronzeTable, bigint>,
  ) {}

  static async pin(sources: LakeSources): Promise<PinnedBronze> {
    const snapshots = new Map<BronzeTable, bigint>();
    for await (const row of sources.trino.queryFile(sql(sources.root, 'snapshots'), snapshotRow))
      snapshots.set(row.bronze_table, BigInt(row.snapshot_id));
    return new PinnedBronze(sources, snapshots);
  }

  /** Enters how far bronze has come: what Kafka holds above that is in flight. */
  async enterEnds(lake: BronzeBook, history: HistoryBook): Promise<void> {
    await Promise.all([
      this.enterOffsets('trades', lake),
      this.enterOffsets('trades_dlq', lake),
      this.enterHistory(history),
    ]);
  }

  /**
   * Enters the rest.
   * @param last the last finished run's plan: minutes with trades that it had not seen are marked
   * @returns how many trades bronze holds
   */
  async enterRows(lake: BronzeBook, book: LedgerBook, last: Plan | undefined): Promise<number> {
    await Promise.all([
      this.enterTrades(lake),
      this.enterRefused(lake),
      this.enterMinutes(book, last),
      this.enterCounts(lake),
    ]);
    return lake.stage.trades;
  }

  /** The rows of a query over a table; none when nothing was ever written to that. */
  private async *rows<T>(
    table: BronzeTable,
    query: string,
    row: z.ZodType<T>,
    parameters: TrinoParameters = {},
  ): AsyncGenerator<T, void, undefined> {
    const snapshot = this.snapshots.get(table);
    if (snapshot === undefined) return;
    const { trino, root } = this.sources;
    yield* trino.queryFile(sql(root, query), row, { snapshot, ...parameters });
  }

  private async enterOffsets(table: 'trades' | 'trades_dlq', lake: BronzeBook): Promise<void> {
    let doubled = false;
    for await (const row of this.rows(table, `${table}_offsets`, highestRow)) {
      lake.highest(row.kafka_topic, row.kafka_partition, row.highest);
      doubled ||= row.doubled;
    }
    if (!doubled) return;
    for await (const row of this.rows(table, `${table}_doubled_offsets`, doubledRow))
      lake.doubledOffsets(row.kafka_topic, row.kafka_partition, { from: row.first_offset, to: row.last_offset });
  }

  private async enterTrades(lake: BronzeBook): Promise<void> {
    const runs: BronzeRun[] = [];
    let uneven = false;
    for await (const row of this.rows('trades', 'trades', tradeRunRow)) {
      if (row.even) runs.push(bronzeRun(row));
      else uneven = true;
    }
    if (uneven) for await (const row of this.rows('trades', 'trades_uneven', runRow)) runs.push(bronzeRun(row));
    // Runs of a connection come in order, those of both queries among each other.
    for (const run of runs.sort((a, b) => a.from - b.from)) lake.run(run);
  }

  private async enterRefused(lake: BronzeBook): Promise<void> {
    for await (const row of this.rows('trades_dlq', 'trades_dlq', runRow)) lake.run(bronzeRun(row));
  }

  private async enterMinutes(book: LedgerBook, last: Plan | undefined): Promise<void> {
    const { start: from, end: to } = this.sources.window;
    const seen = JSON.stringify(last?.offsets ?? {});
    let divided = false;
    for await (const row of this.rows('trades', 'minutes', bronzeMinuteRow, { seen, from, to })) {
      divided ||= row.divided;
      book.bronzeMinute(row.symbol, row.minute, row.trades, row.touched, row.late_at_most);
    }
    if (!divided) return;
    for await (const row of this.rows('trades', 'minutes_late', lateRow, { from, to }))
      book.bronzeMinute(row.symbol, row.minute, 0, false, row.late);
  }

  private async enterCounts(lake: BronzeBook): Promise<void> {
    for await (const row of this.rows('feed_events', 'feed_events', countsRow)) lake.count(row);
  }

  private async enterHistory(history: HistoryBook): Promise<void> {
    const runs = async (): Promise<void> => {
      for await (const row of this.rows('trades_history', 'trades_history', historyRunRow))
        history.run({ symbol: row.symbol, fetch_id: row.fetch_id, highest: row.highest_offset, ...copyOf(row) });
    };
    const minutes = async (): Promise<void> => {
      for await (const row of this.rows('trades_history', 'history_minutes', historyMinuteRow))
        history.minute(row.fetch_id, row.symbol, row.minute, row.trades);
    };
    const coverage = async (): Promise<void> => {
      for await (const row of this.rows('coverage', 'coverage', coverageRow))
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
    await Promise.all([runs(), minutes(), coverage()]);
  }
}

const bronzeRun = (row: z.output<typeof runRow>): BronzeRun => ({
  feed: row.feed,
  connection_id: row.connection_id,
  kind: row.kind,
  ...copyOf(row),
});

const copyOf = (row: Omit<z.output<typeof runRow>, 'feed' | 'connection_id' | 'kind'>): Run & { copy: number } => ({
  copy: row.copy,
  from: row.first_number,
  to: row.last_number,
  first: { topic: row.first_topic, partition: row.first_partition, offset: row.first_offset },
  last: { topic: row.last_topic, partition: row.last_partition, offset: row.last_offset },
});

function sql(root: string, name: string): string {
  return join(root, 'trino', 'ledger', `${name}.sql`);
}
