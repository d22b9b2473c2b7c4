import type { FeedEvent } from '../../../tasks/src/lib/contracts.generated.ts';
import { LedgerBook, type CutOff, type LedgerTrade, type Place } from '../../../tasks/src/lib/ledger/book.ts';
import type { RefusedIdentity } from '../../../tasks/src/lib/ledger/connection-book.ts';
import type { LedgerReport } from '../../../tasks/src/lib/ledger/report.ts';

export interface Candle {
  readonly symbol: string;
  readonly minute: number;
  readonly trades: number;
}

/** What the topics and the candles of a stream hold; tests damage it and enter it in the books. */
export interface History {
  events: FeedEvent[];
  laterEvents: FeedEvent[];
  trades: LedgerTrade[];
  refused: RefusedIdentity[];
  candles: Candle[];
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

export function enter(h: History, cutOff?: CutOff): LedgerReport {
  const book = new LedgerBook();
  for (const [i, e] of h.events.entries()) book.event(e, place('feed-events', i));
  for (const c of h.candles) book.candle(c.symbol, c.minute, c.trades);
  for (const [i, t] of h.trades.entries()) book.trade(t, place('trades', i));
  for (const [i, r] of h.refused.entries()) book.refuse(r, place('trades-dlq', i));
  for (const e of h.laterEvents) book.laterEvent(e);
  return book.report(cutOff);
}

export function kinds(report: LedgerReport): readonly string[] {
  return report.problems.map((p) => p.kind);
}
