import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { Airflow, type RunEnd } from '../../stack/lib/airflow.ts';
import { locate } from '../../stack/lib/install.ts';
import { talibPackage } from '../../stack/lib/packages.ts';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { Trino } from '../../tasks/src/lib/trino.ts';
import type { OracleCandle } from './oracle.ts';
import { readLiveMacd, readMacd, type GoldMacd } from './read-back.ts';
import { SYMBOL } from './replay.ts';
import type { TestStack } from './test-stack.ts';

const line = z.array(z.number().nullable());
const answer = z.object({ macd: line, signal: line, histogram: line });

/** What TA-Lib makes of these candles: a row from the 34th on. */
export async function talibMacd(test: TestStack, candles: readonly OracleCandle[]): Promise<GoldMacd[]> {
  const python = join(locate([talibPackage], test.stack)['talib'] ?? '', 'bin', 'python');
  const child = spawn(python, [join(test.stack.root, 'test', 'support', 'talib_macd.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stdin.end(`${JSON.stringify({ symbol: SYMBOL, closes: candles.map((candle) => candle.close) })}\n`);
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const { macd, signal, histogram } = answer.parse(JSON.parse(text));
  return candles.flatMap(({ window_start }, i) => {
    const row = [macd[i], signal[i], histogram[i]];
    if (row.some((value) => value === null || value === undefined)) return [];
    const [m = 0, s = 0, h = 0] = row as number[];
    return [{ window_start, bar: i + 1, macd: m, signal: s, histogram: h }];
  });
}

/** Where gold.macd is not what TA-Lib makes of the candles, to 1e-9, and how many rows were compared. */
export async function differsFromTalib(
  test: TestStack,
  candles: readonly OracleCandle[],
): Promise<{ rows: number; different: unknown[] }> {
  return differences(await talibMacd(test, candles), await readMacd(test, SYMBOL));
}

/** The same of silver.live_macd. */
export async function liveDiffersFromTalib(
  test: TestStack,
  candles: readonly OracleCandle[],
): Promise<{ rows: number; different: unknown[] }> {
  return differences(await talibMacd(test, candles), await readLiveMacd(test, SYMBOL));
}

function differences(wanted: readonly GoldMacd[], found: readonly GoldMacd[]): { rows: number; different: unknown[] } {
  const different: unknown[] = [];
  for (let i = 0; i < Math.max(wanted.length, found.length); i += 1) {
    const [a, b] = [wanted[i], found[i]];
    const same =
      a !== undefined &&
      b !== undefined &&
      a.window_start === b.window_start &&
      a.bar === b.bar &&
      (['macd', 'signal', 'histogram'] as const).every((name) => Math.abs(a[name] - b[name]) <= 1e-9);
    if (!same) different.push({ wanted: a, found: b });
  }
  return { rows: found.length, different: different.slice(0, 5) };
}

/** A run of the DAG gold, by Airflow, to its end. */
export async function runGold(test: TestStack, conf: Readonly<Record<string, unknown>> = {}): Promise<RunEnd> {
  const airflow = Airflow.of(test.stack);
  return waitForGold(test, await airflow.trigger('gold', conf));
}

export function waitForGold(test: TestStack, run: string): Promise<RunEnd> {
  return Airflow.of(test.stack).waitForRun('gold', run, { say: () => undefined, timeoutMs: 540_000 });
}

/** Runs a statement on Trino as a person would by hand. */
export async function runTrino(test: TestStack, sql: string): Promise<void> {
  const trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
  await trino.execute(sql, {}, 'a statement by hand');
}
