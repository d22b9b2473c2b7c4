import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';

export type Trade = TopicValues['trades'];

export const FEED = 'bench';
export const CONNECTION = 1_000;
const FIRST = Date.UTC(2026, 0, 5);

/** How the trades of a bench lie in time: evenly over so many minutes, in the order of their sequences, symbol after symbol. */
export interface Load {
  readonly trades: number;
  readonly symbols: number;
  readonly minutes: number;
}

/** Trade number `n`, from 0. */
export function trade(n: number, { trades, symbols, minutes }: Load): Trade {
  const event_time = FIRST + Math.floor((n * minutes * 60_000) / trades);
  const price = 9_651_847_000_000 + (n % 1_000_003);
  return {
    symbol: `BENCH:SYM${String(n % symbols).padStart(3, '0')}`,
    price: `${Math.floor(price / 1e8)}.${String(price % 1e8).padStart(8, '0')}`,
    volume: '0.12345678',
    event_time,
    received_at: event_time,
    feed: FEED,
    connection_id: CONNECTION,
    sequence: n + 1,
    frame: Math.floor(n / 10) + 1,
    position: n % 10,
    venue_trade_id: null,
    conditions: [],
  };
}

/** The end of the last minute. */
export const endOf = ({ minutes }: Load): number => FIRST + minutes * 60_000;

/** The counts of the connection at its close. */
export function closed({ trades }: Load): TopicValues['feed-events'] {
  return {
    feed: FEED,
    connection_id: CONNECTION,
    event: 'disconnected',
    occurred_at: FIRST,
    reason: null,
    symbols: [],
    gap_from: null,
    gap_to: null,
    frames: Math.ceil(trades / 10),
    trades,
    refused: 0,
    refused_frames: 0,
    last_sequence: trades,
    closed: true,
    first_missing_id: null,
    last_missing_id: null,
  };
}
