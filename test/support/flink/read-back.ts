import type { TopicName, TopicValues } from '../../../tasks/src/lib/contracts.ts';
import type { ExpectedAverage, ExpectedCandle } from './oracle.ts';
import type { FlinkStack } from './stack.ts';

/** Rows as ClickHouse shows them: of several under one key those of the newest generation, and of these the last. */
async function shownRows<T extends Extract<TopicName, 'candles-1m' | 'moving-averages' | 'live-macd'>>(
  test: FlinkStack,
  topic: T,
  keyOf: (row: TopicValues[T]) => string,
): Promise<Map<string, TopicValues[T]>> {
  const shown = new Map<string, TopicValues[T]>();
  for (const row of await test.read(topic)) {
    const key = keyOf(row);
    if (row.generation >= (shown.get(key)?.generation ?? 0)) shown.set(key, row);
  }
  return shown;
}

/** The generations of the candles that are shown. */
export async function shownGenerations(test: FlinkStack): Promise<Set<number>> {
  const rows = await shownRows(test, 'candles-1m', (row) => `${row.symbol} ${row.window_start}`);
  return new Set([...rows.values()].map(({ generation }) => generation));
}

/** The stream's candles as they are shown. By symbol and start. */
export async function shownCandles(test: FlinkStack): Promise<Map<string, ExpectedCandle>> {
  const shown = new Map<string, ExpectedCandle>();
  const rows = await shownRows(test, 'candles-1m', (row) => `${row.symbol} ${row.window_start}`);
  for (const [key, row] of rows) {
    const { open, high, low, close, volume, turnover, trade_count, first_sequence, last_sequence } = row;
    shown.set(key, {
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
  const rows = await shownRows(
    test,
    'moving-averages',
    (row) => `${row.symbol} ${row.window_minutes} ${row.window_start}`,
  );
  for (const [key, row] of rows) {
    const { simple, volume_weighted, minute_weighted, trade_count } = row;
    shown.set(key, {
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
  const rows = await shownRows(test, 'live-macd', (row) => `${row.symbol} ${row.window_start}`);
  for (const [key, { macd, signal }] of rows) shown.set(key, [macd, signal]);
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
