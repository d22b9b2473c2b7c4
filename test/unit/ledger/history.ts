import type { FeedEvent } from '../../../tasks/src/lib/contracts.generated.ts';
import {
  LedgerBook,
  SETTLED_MS,
  type CutOff,
  type LedgerTrade,
  type Place,
} from '../../../tasks/src/lib/ledger/book.ts';
import {
  BronzeBook,
  type BronzeRun,
  type IdentityKind,
  type LakeCounts,
} from '../../../tasks/src/lib/ledger/bronze-book.ts';
import type { RefusedIdentity } from '../../../tasks/src/lib/ledger/connection-book.ts';
import { Finished } from '../../../tasks/src/lib/ledger/finished.ts';
import type { LedgerReport } from '../../../tasks/src/lib/ledger/report.ts';

export interface Candle {
  readonly symbol: string;
  readonly minute: number;
  readonly trades: number;
}

export interface BronzeTrade {
  readonly trade: LedgerTrade;
  readonly offset: number;
}

/** What the batch lane holds of a stream. */
export interface Lake {
  trades: BronzeTrade[];
  refused: { readonly refused: RefusedIdentity; readonly offset: number }[];
  counts: LakeCounts[];
  batch: Candle[];
  gold: Candle[];
  /** The last finished run: the offset up to which it had read trades, and its plan. */
  seen: number;
  finished: Finished | undefined;
}

/** What the topics and the candles of a stream hold; tests damage it and enter it in the books. */
export interface History {
  events: FeedEvent[];
  laterEvents: FeedEvent[];
  trades: LedgerTrade[];
  refused: RefusedIdentity[];
  candles: Candle[];
  lake?: Lake;
  /** Trades are still coming in; else it has been silent for long. */
  running?: boolean;
}

export const T0 = Date.UTC(2026, 0, 5, 12);
export const MINUTE = 60_000;

export function event(given: Partial<FeedEvent> & Pick<FeedEvent, 'connection_id'>): FeedEvent {
  const { trades = 0, refused = 0 } = given;
  return {
    feed: 'a',
    event: 'counts',
    occurred_at: T0,
    reason: null,
    symbols: [],
    gap_from: null,
    gap_to: null,
    frames: trades + refused,
    trades,
    refused,
    refused_frames: 0,
    last_sequence: trades + refused,
    closed: false,
    first_missing_id: null,
    last_missing_id: null,
    ...given,
  };
}

export function trade(connection_id: number, sequence: number, given: Partial<LedgerTrade> = {}): LedgerTrade {
  return { feed: 'a', connection_id, sequence, symbol: 'EUR', event_time: T0, ...given };
}

export function refusal(connection_id: number, sequence: number | null, frame = sequence ?? 1): RefusedIdentity {
  return { feed: 'a', connection_id, sequence, frame };
}

export function history(given: Partial<History> = {}): History {
  return { events: [], laterEvents: [], trades: [], refused: [], candles: [], ...given };
}

function place(topic: string, offset: number): Place {
  return { topic, partition: 0, offset, timestamp: T0 + offset };
}

export const minuteOf = (eventTime: number): number => Math.floor(eventTime / MINUTE) * MINUTE;

export function candlesOf(trades: readonly LedgerTrade[]): Candle[] {
  const found = new Map<string, Candle>();
  for (const { symbol, event_time } of trades) {
    const minute = minuteOf(event_time);
    const key = `${symbol} ${minute}`;
    found.set(key, { symbol, minute, trades: (found.get(key)?.trades ?? 0) + 1 });
  }
  return [...found.values()];
}

/** The plan of a run that had all minutes up to a horizon. */
export function finished(
  horizon: number,
  open: { readonly deferred?: readonly Candle[]; readonly inProgress?: readonly Candle[] } = {},
): Finished {
  const stretches = (candles: readonly Candle[] = []) =>
    candles.map(({ symbol, minute }) => ({
      symbol,
      start: new Date(minute).toISOString(),
      end: new Date(minute + MINUTE).toISOString(),
    }));
  return new Finished({ horizon: new Date(horizon).toISOString(), deferred: stretches(open.deferred) }, [
    { minutes: stretches(open.inProgress) },
  ]);
}

/** The lake of a stream: all of it in bronze, and all minutes up to the horizon in both lanes. */
export function lakeOf(h: History, horizon = T0 + 1000 * MINUTE): Lake {
  const candles = candlesOf(h.trades).filter((c) => c.minute + MINUTE <= horizon);
  return {
    trades: h.trades.map((trade, offset) => ({ trade, offset })),
    refused: h.refused.map((refused, offset) => ({ refused, offset })),
    counts: [],
    batch: [...candles],
    gold: [...candles],
    seen: h.trades.length - 1,
    finished: finished(horizon),
  };
}

export function enter(h: History, cutOff?: CutOff): LedgerReport {
  const { lake } = h;
  const bronze = lake === undefined ? undefined : new BronzeBook();
  const book = new LedgerBook(bronze);
  const silentMs = h.running === true ? 0 : 2 * SETTLED_MS;
  for (const [i, e] of h.events.entries()) book.event(e, { ...place('feed-events', i), timestamp: T0 + silentMs + i });
  if (lake !== undefined && bronze !== undefined) enterLake(lake, bronze, book);
  for (const c of h.candles) book.candle('stream_candles', c.symbol, c.minute, c.trades);
  for (const [i, t] of h.trades.entries()) book.trade(t, place('trades', i));
  for (const [i, r] of h.refused.entries()) book.refuse(r, place('trades-dlq', i));
  for (const e of h.laterEvents) book.laterEvent(e);
  return book.report(cutOff);
}

/** Enters what the queries in trino/ledger would give. */
function enterLake(lake: Lake, bronze: BronzeBook, book: LedgerBook): void {
  const trades = lake.trades.map(({ trade: { feed, connection_id, sequence }, offset }) => ({
    feed,
    connection_id,
    kind: 'trade' as const,
    number: sequence,
    topic: 'trades',
    offset,
  }));
  const refused = lake.refused.map(({ refused: { feed, connection_id, sequence, frame }, offset }) => ({
    feed,
    connection_id,
    kind: sequence === null ? ('frame' as const) : ('refused' as const),
    number: sequence ?? frame,
    topic: 'trades-dlq',
    offset,
  }));
  for (const run of bronzeRuns([...trades, ...refused])) bronze.run(run);
  for (const [topic, rows] of [
    ['trades', lake.trades],
    ['trades-dlq', lake.refused],
  ] as const) {
    const offsets = rows.map((row) => row.offset).sort((a, b) => a - b);
    const highest = offsets.at(-1);
    if (highest !== undefined) bronze.highest(topic, 0, highest);
    for (const offset of new Set(offsets.filter((o, i) => o === offsets[i - 1])))
      bronze.doubledOffsets(topic, 0, { from: offset, to: offset });
  }
  for (const counts of lake.counts) bronze.count(counts);
  for (const { symbol, minute, trades: count } of candlesOf(lake.trades.map((row) => row.trade))) {
    const touched = lake.trades.some(
      ({ trade: t, offset }) => offset > lake.seen && t.symbol === symbol && minuteOf(t.event_time) === minute,
    );
    book.bronzeMinute(symbol, minute, count, touched, lateAtMost(lake.trades, symbol, minute));
  }
  for (const c of lake.batch) book.candle('batch_candles', c.symbol, c.minute, c.trades);
  for (const c of lake.gold) book.candle('gold', c.symbol, c.minute, c.trades);
  if (lake.finished !== undefined) book.finish(lake.finished);
}

/** As trino/ledger/minutes.sql counts it, for windows that are final without any delay. */
function lateAtMost(rows: readonly BronzeTrade[], symbol: string, minute: number): number {
  const closedAt = Math.min(
    ...rows
      .filter(({ trade: t }) => t.symbol === symbol && t.event_time >= minute + MINUTE)
      .map(({ offset }) => offset),
    Infinity,
  );
  return rows.filter(
    ({ trade: t, offset }) => t.symbol === symbol && minuteOf(t.event_time) === minute && offset > closedAt,
  ).length;
}

interface Identity {
  readonly feed: string;
  readonly connection_id: number;
  readonly kind: IdentityKind;
  readonly number: number;
  readonly topic: string;
  readonly offset: number;
}

function bronzeRuns(rows: readonly Identity[]): readonly BronzeRun[] {
  const copies = new Map<string, number>();
  const runs: { -readonly [K in keyof BronzeRun]: BronzeRun[K] }[] = [];
  const numbered = rows
    .toSorted((a, b) => a.offset - b.offset)
    .map((row) => {
      const key = JSON.stringify([row.feed, row.connection_id, row.kind, row.number]);
      const copy = (copies.get(key) ?? 0) + 1;
      copies.set(key, copy);
      return { ...row, copy };
    })
    .sort((a, b) => a.number - b.number);
  for (const { number, topic, offset, ...of } of numbered) {
    const at = { topic, partition: 0, offset };
    const before = runs.findLast(
      (r) => r.feed === of.feed && r.connection_id === of.connection_id && r.kind === of.kind && r.copy === of.copy,
    );
    if (before?.to === number - 1) Object.assign(before, { to: number, last: at });
    else runs.push({ ...of, from: number, to: number, first: at, last: at });
  }
  return runs;
}

export function kinds(report: LedgerReport): readonly string[] {
  return report.problems.map((p) => p.kind);
}
