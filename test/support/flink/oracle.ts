import { decimal } from '../oracle.ts';
import type { FeedTrade } from './trades.ts';

const MINUTE = 60_000;
const SLIDE = 15_000;
const LATENESS = 5000;

export interface Expected {
  /** By symbol and start: every window's row in the end. */
  readonly candles: ReadonlyMap<string, ExpectedCandle>;
  /** By symbol, minutes and start. */
  readonly averages: ReadonlyMap<string, ExpectedAverage>;
  /** Trades that came after their candle was final. */
  readonly late: number;
}

export interface ExpectedCandle {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly turnover: string;
  readonly trade_count: number;
  readonly first_sequence: number;
  readonly last_sequence: number;
}

export interface ExpectedAverage {
  readonly simple: number;
  readonly volume_weighted: number | null;
  readonly minute_weighted: number;
  readonly trade_count: number;
}

/**
 * What the stream should make of trades in the order of their arrival, by the definition: a trade counts for each window of its
 * symbol that was not yet final, and a window is final once its symbol's newest trade is five seconds past its end. Shares nothing
 * with the job, whose slices, sums and clocks this does without. O(trades x 25).
 */
export function expectedOf(trades: readonly FeedTrade[]): Expected {
  const newest = new Map<string, number>();
  const minutes = new Map<string, FeedTrade[]>();
  const averages = new Map<string, FeedTrade[]>();
  let late = 0;
  for (const trade of trades) {
    const before = newest.get(trade.symbol) ?? -Infinity;
    const open = (end: number): boolean => end - 1 > before - LATENESS;
    const minute = trade.time - (trade.time % MINUTE);
    if (open(minute + MINUTE)) add(minutes, `${trade.symbol} ${minute}`, trade);
    else late += 1;
    for (const length of [1, 5]) {
      const last = trade.time - (trade.time % SLIDE);
      for (let start = last; start > trade.time - length * MINUTE; start -= SLIDE)
        if (open(start + length * MINUTE)) add(averages, `${trade.symbol} ${length} ${start}`, trade);
    }
    newest.set(trade.symbol, Math.max(before, trade.time));
  }
  return {
    candles: new Map([...minutes].map(([key, inside]) => [key, candleOf(inside)])),
    averages: new Map([...averages].map(([key, inside]) => [key, averageOf(key, inside)])),
    late,
  };
}

function add(windows: Map<string, FeedTrade[]>, key: string, trade: FeedTrade): void {
  const inside = windows.get(key);
  if (inside === undefined) windows.set(key, [trade]);
  else inside.push(trade);
}

const inOrder = (trades: readonly FeedTrade[]): FeedTrade[] =>
  [...trades].sort((a, b) => a.time - b.time || a.sequence - b.sequence);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

function candleOf(inside: readonly FeedTrade[]): ExpectedCandle {
  const ordered = inOrder(inside);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a window without a trade is none');
  return {
    open: decimal(first.price, 8),
    high: decimal(
      inside.map((t) => t.price).reduce((a, b) => (b > a ? b : a)),
      8,
    ),
    low: decimal(
      inside.map((t) => t.price).reduce((a, b) => (b < a ? b : a)),
      8,
    ),
    close: decimal(last.price, 8),
    volume: decimal(sum(inside.map((t) => t.volume)), 8),
    turnover: decimal(sum(inside.map((t) => t.price * t.volume)), 16),
    trade_count: inside.length,
    first_sequence: first.sequence,
    last_sequence: last.sequence,
  };
}

function averageOf(key: string, inside: readonly FeedTrade[]): ExpectedAverage {
  const [, length = '', start = ''] = key.split(' ');
  const end = Number(start) + Number(length) * MINUTE;
  const volume = sum(inside.map((t) => t.volume));
  let [weighted, weights] = [0n, 0];
  for (const back of [1, 2, 3, 4, 5]) {
    const minute = inside.filter((t) => t.time >= end - back * MINUTE && t.time < end - (back - 1) * MINUTE);
    const close = inOrder(minute).at(-1);
    if (close === undefined) continue;
    weighted += close.price * BigInt(2 ** (5 - back));
    weights += 2 ** (5 - back);
  }
  return {
    simple: Number(decimal(sum(inside.map((t) => t.price)), 8)) / inside.length,
    volume_weighted:
      volume === 0n
        ? null
        : Number(decimal(sum(inside.map((t) => t.price * t.volume)), 16)) / Number(decimal(volume, 8)),
    minute_weighted: Number(decimal(weighted, 8)) / weights,
    trade_count: inside.length,
  };
}

/** MACD(12, 26, 9) of a symbol's closes by its definition, all closes at hand: [macd, signal] from the 34th on. */
export function macdOf(closes: readonly number[]): [number, number][] {
  const [fast, slow] = [ema(closes.slice(14), 12), ema(closes, 26)];
  const line = slow.map((value, i) => (fast[i] ?? NaN) - value);
  return ema(line, 9).map((signal, i) => [line[i + 8] ?? NaN, signal]);
}

/** From the value on that ends the seed, which is the mean of the first `length`. */
function ema(values: readonly number[], length: number): number[] {
  if (values.length < length) return [];
  const averages = [values.slice(0, length).reduce((a, b) => a + b, 0) / length];
  for (const value of values.slice(length))
    averages.push((value * 2) / (length + 1) + ((averages.at(-1) ?? NaN) * (length - 1)) / (length + 1));
  return averages;
}
