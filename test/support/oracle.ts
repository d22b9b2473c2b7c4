import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One trade of a recording, exact: price and volume in units of 1e-8. */
export interface RecordedTrade {
  readonly time: number;
  readonly price: bigint;
  readonly volume: bigint;
}

export interface OracleCandle {
  readonly window_start: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly turnover: string;
  readonly trade_count: number;
}

export interface OracleAverage {
  readonly window_minutes: number;
  readonly window_start: number;
  readonly simple: number;
  readonly volume_weighted: number | null;
  readonly minute_weighted: number;
  readonly trade_count: number;
}

const MINUTE = 60_000;
const SLIDE = 15_000;

/** A decimal text as a whole number of 10^-scale; throws when it has more digits. */
export function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > scale) throw new Error(`${text} has more than ${scale} digits after the point`);
  return BigInt(whole + digits.padEnd(scale, '0'));
}

/** The inverse of scaled, with exactly `scale` digits after the point. */
export function decimal(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Reads a CSV of `timestamp,price,amount` (seconds) with a header line: on its own, sharing nothing with what it checks. */
export async function readRecording(file: string): Promise<RecordedTrade[]> {
  const trades: RecordedTrade[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [time = '', price = '', volume = ''] = line.split(',');
    if (!/^\d+$/.test(time)) continue;
    trades.push({ time: Number(time) * 1000, price: scaled(price, 8), volume: scaled(volume, 8) });
  }
  return trades;
}

/** Whether a window is closed once the newest trade's time is known: the stream's watermark is five seconds behind it. */
const closed = (windowEnd: number, newest: number): boolean => windowEnd - 1 <= newest - 5000;

/** Candles of the minutes that the stream has closed, oldest first. Trades are given in the order of their arrival. O(trades). */
export function candlesOf(trades: readonly RecordedTrade[]): OracleCandle[] {
  return windowsOf(trades, MINUTE, MINUTE).map(([start, inside]) => candleOf(start, inside));
}

/** Candles of all minutes, as the batch lane makes them, and the stream in the end: no later trade is needed to close one. */
export function allCandlesOf(trades: readonly RecordedTrade[]): OracleCandle[] {
  return windowsOf(trades, MINUTE, MINUTE, () => true).map(([start, inside]) => candleOf(start, inside));
}

function candleOf(start: number, inside: readonly RecordedTrade[]): OracleCandle {
  const byTime = [...inside].sort((a, b) => a.time - b.time);
  const prices = inside.map((t) => t.price);
  return {
    window_start: start,
    open: decimal(byTime[0]?.price ?? 0n, 8),
    high: decimal(
      prices.reduce((a, b) => (b > a ? b : a)),
      8,
    ),
    low: decimal(
      prices.reduce((a, b) => (b < a ? b : a)),
      8,
    ),
    close: decimal(byTime.at(-1)?.price ?? 0n, 8),
    volume: decimal(sum(inside.map((t) => t.volume)), 8),
    turnover: decimal(sum(inside.map((t) => t.price * t.volume)), 16),
    trade_count: inside.length,
  };
}

/** Moving averages of closed windows of 1 and 5 minutes that slide by 15 seconds, by window, then start. */
export const averagesOf = (trades: readonly RecordedTrade[]): OracleAverage[] => averages(trades, closed);

/** The same of all windows. */
export const allAveragesOf = (trades: readonly RecordedTrade[]): OracleAverage[] => averages(trades, () => true);

function averages(trades: readonly RecordedTrade[], ended: typeof closed): OracleAverage[] {
  return [1, 5].flatMap((minutes) =>
    windowsOf(trades, minutes * MINUTE, SLIDE, ended).map(([start, inside]): OracleAverage => {
      const volume = sum(inside.map((t) => t.volume));
      const turnover = sum(inside.map((t) => t.price * t.volume));
      return {
        window_minutes: minutes,
        window_start: start,
        simple: Number(decimal(sum(inside.map((t) => t.price)), 8)) / inside.length,
        volume_weighted: volume === 0n ? null : Number(decimal(turnover, 16)) / Number(decimal(volume, 8)),
        minute_weighted: minuteWeighted(start + minutes * MINUTE, inside),
        trade_count: inside.length,
      };
    }),
  );
}

/** The last price of each minute counted back from the window's end, weighted 1/2, 1/4, 1/8 ...; minutes without a trade left out. */
function minuteWeighted(end: number, inside: readonly RecordedTrade[]): number {
  let sum = 0n;
  let weights = 0;
  for (const back of [1, 2, 3, 4, 5]) {
    const minute = inside.filter((t) => t.time >= end - back * MINUTE && t.time < end - (back - 1) * MINUTE);
    const close = [...minute].sort((a, b) => a.time - b.time).at(-1);
    // As 32nds, so that the sum is exact.
    const weight = 2 ** (5 - back);
    if (close !== undefined) {
      sum += close.price * BigInt(weight);
      weights += weight;
    }
  }
  return Number(decimal(sum, 8)) / weights;
}

/**
 * The moving averages that the stream should show, given those that it does: of windows that are closed, and of the others those
 * found, for it closes the windows of a symbol that falls silent by the clock.
 */
export function averagesShown(trades: readonly RecordedTrade[], found: readonly OracleAverage[]): OracleAverage[] {
  const key = (row: OracleAverage): string => `${row.window_minutes} ${row.window_start}`;
  const wanted = new Set([...averagesOf(trades), ...found].map(key));
  return allAveragesOf(trades).filter((row) => wanted.has(key(row)));
}

function windowsOf(
  trades: readonly RecordedTrade[],
  size: number,
  slide: number,
  ended: (windowEnd: number, newest: number) => boolean = closed,
): [number, RecordedTrade[]][] {
  const windows = new Map<number, RecordedTrade[]>();
  let newest = 0;
  for (const trade of trades) {
    newest = Math.max(newest, trade.time);
    const last = trade.time - (trade.time % slide);
    for (let start = last; start > trade.time - size; start -= slide) {
      const inside = windows.get(start);
      if (inside === undefined) windows.set(start, [trade]);
      else inside.push(trade);
    }
  }
  return [...windows].filter(([start]) => ended(start + size, newest)).sort(([a], [b]) => a - b);
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
