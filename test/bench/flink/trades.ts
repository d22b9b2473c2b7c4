import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';

export const SYMBOLS = 200;

/** Trades of a second of event time in the backlog, over all symbols. */
const PER_SECOND = 2000;

/** Trade number `n` of a feed of 200 symbols in turn: no two have the same price and volume. */
export function tradeOf(n: number, prefix: string, eventTime: number, receivedAt: number): TopicValues['trades'] {
  return {
    symbol: `${prefix}S${String(n % SYMBOLS).padStart(3, '0')}`,
    price: `${50_000 + (n % 9973)}.${String((n * 7919) % 100_000_000).padStart(8, '0')}`,
    volume: `${n % 3}.${String((n * 104_729) % 100_000_000).padStart(8, '0')}`,
    event_time: eventTime,
    received_at: receivedAt,
    feed: 'bench',
    connection_id: 1,
    sequence: n + 1,
    frame: n + 1,
    position: 0,
    venue_trade_id: null,
    conditions: [],
  };
}

/** When trade `n` of the backlog happened, counted from the first. */
export const backlogTime = (n: number): number => Math.floor((n * 1000) / PER_SECOND);
