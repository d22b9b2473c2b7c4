import type { Bench } from '../lib/bench.ts';
import { withEngines } from '../lib/engines.ts';
import { quantile } from '../lib/quantile.ts';
import { LedgerBench } from './bench.ts';

export const ledger: Bench = {
  about: 'how long the ledger takes over a stream that is whole in every stage',
  metrics: ['ledger_s_per_million_trades'],
  options: {
    trades: { about: 'trades in the topic and in bronze', value: 1_000_000 },
    symbols: { about: 'symbols among which they are spread', value: 20 },
    minutes: { about: 'minutes over which they are spread', value: 1440 },
    rounds: { about: 'measured rounds, of which the middle one counts', value: 3 },
    'warm-up': { about: 'rounds before them', value: 1 },
  },
  async run(context) {
    const { option } = context;
    const load = { trades: option('trades'), symbols: option('symbols'), minutes: option('minutes') };
    await withEngines(['kafka', 'registry', 'connect', 'seaweedfs', 'clickhouse', 'trino'], context, (engines) =>
      LedgerBench.with(engines, context, load, async (bench) => {
        const found: number[] = [];
        for (let round = 0; round < option('warm-up') + option('rounds'); round += 1) {
          context.signal.throwIfAborted();
          const seconds = await bench.seconds();
          const counts = round >= option('warm-up');
          if (counts) found.push(seconds);
          context.say(`  ${counts ? 'measured' : 'warm-up'}: ${seconds.toFixed(2)} s`);
        }
        context.figure({
          metric: 'ledger_s_per_million_trades',
          value: (quantile(found, 0.5) / load.trades) * 1e6,
          unit: 's',
          better: 'lower',
          goal: 10,
        });
      }),
    );
  },
};
