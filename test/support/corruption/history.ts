import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { SYMBOL } from '../replay.ts';
import type { TestStack } from '../test-stack.ts';
import { append } from './topics.ts';

export const FETCH = 'fetch-of-a-test';

/** Two minutes of the week: history has other trades there than the stream. */
const FROM = Date.UTC(2013, 10, 28, 12);
const SECOND = 1000;
const TRADES: readonly (readonly [seconds: number, price: string])[] = [
  [1, '1100.00000001'],
  [30, '1200.50000000'],
  [30, '1050.25000000'],
  [61, '1111.11111111'],
];

/** @param sequence from 1 */
export function trade(sequence: number): TopicValues['trades-history'] {
  const [seconds = 0, price = '0'] = TRADES[sequence - 1] ?? [];
  return {
    symbol: SYMBOL,
    trade_id: `h${sequence}`,
    price,
    volume: '0.10000001',
    event_time: FROM + seconds * SECOND,
    fetched_at: Date.UTC(2013, 11, 3),
    feed: 'replay',
    fetch_id: FETCH,
    sequence,
    conditions: [],
  };
}

/** Writes the fetch as whoever fetches history will: its trades, and the event that covers their minutes. */
export function writeHistory(test: TestStack): Promise<void> {
  return append(test, ...TRADES.map((_, i) => ['trades-history', trade(i + 1)] as const), [
    'coverage',
    {
      symbol: SYMBOL,
      covered_from: FROM,
      covered_to: FROM + 120 * SECOND,
      trade_count: TRADES.length,
      fetch_id: FETCH,
      fetched_at: Date.UTC(2013, 11, 3),
      feed: 'replay',
      unavailable_reason: null,
    },
  ] as const);
}

/** The candles that these minutes have then, as gold shows them. */
export const CANDLES = [
  {
    window_start: FROM,
    open: '1100.00000001',
    high: '1200.50000000',
    low: '1050.25000000',
    close: '1050.25000000',
    volume: '0.30000003',
    trade_count: 3,
  },
  {
    window_start: FROM + 60 * SECOND,
    open: '1111.11111111',
    high: '1111.11111111',
    low: '1111.11111111',
    close: '1111.11111111',
    volume: '0.10000001',
    trade_count: 1,
  },
] as const;

export const COVERED = { start: FROM, end: FROM + 120 * SECOND };
