import { z } from 'zod';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { engines } from '../engines/index.ts';
import { queryClickHouse } from './clickhouse-query.ts';
import type { StackCommandContext } from './command.ts';
import type { EngineContext } from './engine.ts';
import { mustRunTask } from './run-task.ts';
import type { StartOptions } from './start-options.ts';
import { table } from './status.ts';
import type { Stack } from './stack.ts';

/** How long a burst of candles is waited for. */
const BURST_MS = 30_000;

/** Starts the stream and its jobs, and waits until candles are served and the ledger balances. */
export async function startStream(
  { stack, say, signal }: StackCommandContext,
  { feed, symbols }: StartOptions,
): Promise<void> {
  say(`Bringing the stream up (feed ${feed}) ...`);
  const args = symbols === undefined ? [] : [`--symbols=${symbols}`];
  await mustRunTask(stack, ['start-stream', `--feed=${feed}`, ...args], { signal, say });
  say('Syncing the Flink jobs ...');
  await mustRunTask(stack, ['sync-flink'], { signal, say });
  say('Waiting for the first candles ...');
  let seen = 0;
  let firstAt = Infinity;
  await waitFor(
    async () => {
      const candles = await candleCount(stack);
      if (candles !== seen) say(`  ${candles} candles`);
      if (candles > 0) firstAt = Math.min(firstAt, Date.now());
      // A recorded past arrives in one burst and is through when the count has come to rest; a fast replay never rests.
      const through = candles > 0 && (candles === seen || Date.now() - firstAt > BURST_MS);
      seen = candles;
      return through;
    },
    { what: 'candles in ClickHouse', timeoutMs: 300_000, intervalMs: 3000, signal },
  );
}

async function candleCount(stack: Stack): Promise<number> {
  const rows = await queryClickHouse(stack, 'first-candles.sql', z.object({ candles: z.coerce.number() }));
  return rows[0]?.candles ?? 0;
}

const candle = z.record(z.string(), z.union([z.string(), z.number()]));

/** What a person sees at the end of npm start: the ledger, the newest candles, and where to look. */
export async function whatWasMade({ stack }: EngineContext): Promise<string> {
  const ledger = await waitFor(
    async () => {
      const report = ledgerReport.parse(await mustRunTask(stack, ['ledger', '--json']));
      return report.balanced && report;
    },
    { what: 'a balanced ledger (npm run -s ledger)', timeoutMs: 60_000, intervalMs: 2000 },
  );
  const candles = await queryClickHouse(stack, 'latest-candles.sql', candle);
  const heads = Object.keys(candles[0] ?? {});
  return [
    '',
    `The ledger is balanced: ${ledger.stages.map((s) => `${s.stage} ${s.trades}`).join(', ')} trades; ${ledger.gaps.length} gaps.`,
    '',
    'The newest candles (ClickHouse, silver.candles_1m):',
    table([heads, ...candles.map((row) => heads.map((name) => String(row[name] ?? '')))]),
    '',
    'Where to look:',
    table(engines.filter((e) => e.address(stack) !== '-').map((e) => [e.name, e.address(stack), e.about])),
    '',
    `Credentials: ${stack.credentialsFile} (readable by you alone).`,
    'Next: npm run status, npm run -s ledger, npm run logs -- NAME, npm stop.',
  ].join('\n');
}

const ledgerReport = z.object({
  balanced: z.boolean(),
  stages: z.array(z.object({ stage: z.string(), trades: z.number() })),
  gaps: z.array(z.unknown()),
});
