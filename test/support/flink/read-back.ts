import type { ExpectedAverage, ExpectedCandle } from './oracle.ts';
import type { FlinkStack } from './stack.ts';

/** The stream's candles as they are read: of several rows of a symbol and minute the newest. By symbol and start. */
export async function shownCandles(test: FlinkStack): Promise<Map<string, ExpectedCandle>> {
  const shown = new Map<string, ExpectedCandle>();
  for (const row of await test.read('candles-1m')) {
    const { open, high, low, close, volume, turnover, trade_count, first_sequence, last_sequence } = row;
    shown.set(`${row.symbol} ${row.window_start}`, {
      open,
      high,
      low,
      close,
      volume,
      turnover,
      trade_count,
      first_sequence: first_sequence ?? -1,
      last_sequence: last_sequence ?? -1,
    });
  }
  return shown;
}

/** Moving averages, likewise. By symbol, minutes and start. */
export async function shownAverages(test: FlinkStack): Promise<Map<string, ExpectedAverage>> {
  const shown = new Map<string, ExpectedAverage>();
  for (const row of await test.read('moving-averages')) {
    const { simple, volume_weighted, minute_weighted, trade_count } = row;
    shown.set(`${row.symbol} ${row.window_minutes} ${row.window_start}`, {
      simple,
      volume_weighted,
      minute_weighted: minute_weighted ?? NaN,
      trade_count,
    });
  }
  return shown;
}

/** Live MACD, likewise: macd and signal by symbol and start. */
export async function shownMacd(test: FlinkStack): Promise<Map<string, [number, number]>> {
  const shown = new Map<string, [number, number]>();
  for (const { symbol, window_start, macd, signal } of await test.read('live-macd'))
    shown.set(`${symbol} ${window_start}`, [macd, signal]);
  return shown;
}

/** The first few keys under which two maps differ, with both values; `all`: also those that only `wanted` has. */
export function differences<T>(found: ReadonlyMap<string, T>, wanted: ReadonlyMap<string, T>, all = true): unknown[] {
  const keys = new Set([...found.keys(), ...(all ? wanted.keys() : [])]);
  return [...keys]
    .filter((key) => JSON.stringify(found.get(key)) !== JSON.stringify(wanted.get(key)))
    .slice(0, 5)
    .map((key) => ({ key, found: found.get(key), wanted: wanted.get(key) }));
}
