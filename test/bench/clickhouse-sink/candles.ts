import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';

export const TOPIC = 'candles-1m';
export type Candle = TopicValues[typeof TOPIC];

const SYMBOLS = 200;
const FIRST_MINUTE = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const PRICE_DIGITS = 8;
const TURNOVER_DIGITS = 16;

/** What a table has to hold of candles 0 to `rows` - 1. */
export interface Totals {
  readonly rows: number;
  readonly close: string;
  readonly turnover: string;
  readonly trades: number;
}

/** Candle number `n`: no two have the same symbol and minute, and all their digits are used. */
export function candle(n: number): Candle {
  const start = FIRST_MINUTE + Math.floor(n / SYMBOLS) * MINUTE_MS;
  const close = decimal(closeOf(n), PRICE_DIGITS);
  return {
    symbol: `BENCH:SYM${String(n % SYMBOLS).padStart(3, '0')}`,
    window_start: start,
    window_end: start + MINUTE_MS,
    open: decimal(closeOf(n + 1), PRICE_DIGITS),
    high: decimal(closeOf(n + 2), PRICE_DIGITS),
    low: decimal(closeOf(n + 3), PRICE_DIGITS),
    close,
    volume: '1.50000001',
    turnover: decimal(turnoverOf(n), TURNOVER_DIGITS),
    trade_count: 1 + (n % 7),
    generation: 1,
    first_connection_id: 1,
    first_sequence: n + 1,
    last_connection_id: 1,
    last_sequence: n + 1,
  };
}

/** The sums of candles 0 to `rows` - 1, as ClickHouse writes them: without zeros at the end. */
export function totals(rows: number): Totals {
  let [close, turnover, trades] = [0n, 0n, 0];
  for (let n = 0; n < rows; n += 1) {
    close += closeOf(n);
    turnover += turnoverOf(n);
    trades += 1 + (n % 7);
  }
  return { rows, close: short(close, PRICE_DIGITS), turnover: short(turnover, TURNOVER_DIGITS), trades };
}

/** Unscaled, of 8 decimals: around 96,518 with a different end for each number. */
function closeOf(n: number): bigint {
  return 9_651_847_000_000n + BigInt(n % 1_000_003);
}

function turnoverOf(n: number): bigint {
  return closeOf(n) * 150_000_001n;
}

function decimal(unscaled: bigint, digits: number): string {
  const text = unscaled.toString().padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function short(unscaled: bigint, digits: number): string {
  return decimal(unscaled, digits).replace(/0+$/, '').replace(/\.$/, '');
}
