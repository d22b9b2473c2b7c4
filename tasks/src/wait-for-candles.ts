import { join } from 'node:path';
import { z } from 'zod';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { waitFor } from './lib/wait.ts';

const row = z.object({ candles: z.coerce.number() });

/** How long a burst of candles is waited for. */
const BURST_MS = 30_000;
const INTERVAL_MS = 3000;

/** Ends when candles are served, and a burst of them has come through. Reads only. */
export const waitForCandles: TaskCommand = {
  name: 'wait-for-candles',
  summary: 'wait until the stream serves candles from ClickHouse',
  declare(command) {
    command.option('--timeout <seconds>', 'how long to wait', '300');
  },
  async run(given, { env, log, signal, root }) {
    const { timeout } = z.object({ timeout: z.coerce.number().positive() }).parse(given);
    const config = readConfig(env, [
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
    ]);
    const clickHouse = new ClickHouse(config, signal);
    const count = async (): Promise<number> => {
      let candles = 0;
      const file = join(root, 'tasks', 'sql', 'stream', 'count_candles.sql');
      for await (const found of clickHouse.queryFile(file, row)) candles = found.candles;
      return candles;
    };
    let seen = 0;
    let firstAt = Infinity;
    try {
      await waitFor(
        async () => {
          const candles = await count();
          if (candles !== seen) log.info(`${candles} candles`);
          if (candles > 0) firstAt = Math.min(firstAt, Date.now());
          // A recorded past arrives in one burst and is through when the count has come to rest; a fast replay never rests.
          const through = candles > 0 && (candles === seen || Date.now() - firstAt > BURST_MS);
          seen = candles;
          return through;
        },
        { what: 'candles in ClickHouse', timeoutMs: timeout * 1000, intervalMs: INTERVAL_MS, signal },
      );
      return { result: { candles: seen } };
    } finally {
      await clickHouse.close();
    }
  },
};
