import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { locate } from '../../../stack/lib/install.ts';
import { talibPackage } from '../../../stack/lib/packages.ts';
import type { Stack } from '../../../stack/lib/stack.ts';
import type { GoldStack } from './stack.ts';

const differing = z.object({ found_in: z.string(), row: z.string() });

/** Rows of gold as read that a full refresh, into a database of its own, does not give, and the other way round; some of them. */
export async function differsFromFullRefresh(gold: GoldStack): Promise<unknown[]> {
  await gold.refreshInto('gold_fresh');
  return [
    ...(await gold.query('differing_candles.sql', differing)),
    ...(await gold.query('differing_macd.sql', differing)),
  ];
}

const line = z.array(z.number().nullable());
const answer = z.object({ symbol: z.string(), macd: line, signal: line, histogram: line });

export interface Closes {
  readonly symbol: string;
  readonly closes: readonly string[];
}

/** What TA-Lib makes of each list of closes, by its symbol: a number for each close, null before the 34th. */
export async function talibOf(
  stack: Stack,
  asked: readonly Closes[],
): Promise<ReadonlyMap<string, z.output<typeof answer>>> {
  const python = join(locate([talibPackage], stack)['talib'] ?? '', 'bin', 'python');
  const child = spawn(python, [join(stack.root, 'test', 'support', 'talib_macd.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(asked.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const answers = new Map<string, z.output<typeof answer>>();
  for await (const text of createInterface({ input: child.stdout })) {
    const found = answer.parse(JSON.parse(text));
    answers.set(found.symbol, found);
  }
  return answers;
}

const closesRow = z.object({
  bar_interval: z.string(),
  symbol: z.string(),
  starts: z.array(z.number()),
  closes: z.array(z.string()),
});
const macdRow = z.object({
  bar_interval: z.string(),
  symbol: z.string(),
  window_start: z.number(),
  bar: z.number(),
  macd: z.number(),
  signal: z.number(),
  histogram: z.number(),
});

/** Where gold.macd is not what TA-Lib makes of the closes of gold.candles: some of it, and how many rows were compared. */
export async function differsFromTalib(gold: GoldStack): Promise<{ rows: number; different: unknown[] }> {
  const series = await gold.query('closes.sql', closesRow);
  const key = ({ bar_interval, symbol }: { bar_interval: string; symbol: string }): string =>
    `${bar_interval} ${symbol}`;
  const answers = await talibOf(
    gold.test.stack,
    series.map((each) => ({ symbol: key(each), closes: each.closes })),
  );
  const found = new Map((await gold.query('macd.sql', macdRow)).map((row) => [`${key(row)} ${row.window_start}`, row]));
  let rows = 0;
  const different: unknown[] = [];
  for (const each of series) {
    const made = answers.get(key(each));
    for (const [i, start] of each.starts.entries()) {
      const at = `${key(each)} ${start}`;
      const row = found.get(at);
      found.delete(at);
      const wanted = [made?.macd[i], made?.signal[i], made?.histogram[i]];
      if (wanted.every((value) => value === null) && row === undefined) continue;
      rows += 1;
      const tolerance = 1e-9 * Math.max(1, Number(each.closes[i]));
      const near = [row?.macd, row?.signal, row?.histogram].every(
        (value, n) => Math.abs((value ?? NaN) - (wanted[n] ?? NaN)) <= tolerance,
      );
      if (!near || row?.bar !== i + 1) different.push({ at, wanted, row });
    }
  }
  different.push(...found.keys());
  return { rows, different: different.slice(0, 5) };
}
