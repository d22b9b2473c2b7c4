import type { Bench } from '../lib/bench.ts';
import { withEngines } from '../lib/engines.ts';
import { GoldBench, type RunTimes } from './bench.ts';

const DAY = 1440;

/** Days of history at which the same run is measured. */
const HISTORIES = [1, 10, 30] as const;

export const gold: Bench = {
  about: 'gold, made by dbt in ClickHouse, over a month of minutes of 200 symbols.',
  metrics: [
    'full_refresh_s',
    'incremental_sql_s_1d',
    'incremental_sql_s_10d',
    'incremental_sql_s_30d',
    'incremental_run_s',
  ],
  options: {
    symbols: { about: 'symbols, each with a candle in each minute', value: 200 },
    runs: { about: 'runs of which the middle one counts, for each length of history', value: 5 },
  },
  async run(context) {
    const symbols = context.option('symbols');
    await withEngines(['clickhouse'], context, (engines) =>
      GoldBench.with(engines, context, symbols, async (bench) => {
        for (const days of HISTORIES) {
          if (
            !context.wants(
              `incremental_sql_s_${days}d`,
              ...(days === 30 ? ['incremental_run_s', 'full_refresh_s'] : []),
            )
          )
            continue;
          context.say(`${days} days of history ...`);
          await bench.begin(days * DAY);
          const runs: RunTimes[] = [];
          for (let run = 0; run < context.option('runs'); run += 1) runs.push(await bench.append(1));
          const middle = (of: (run: RunTimes) => number): number =>
            runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? NaN;
          if (context.wants(`incremental_sql_s_${days}d`))
            context.figure({
              metric: `incremental_sql_s_${days}d`,
              value: middle(({ sqlS }) => sqlS),
              unit: 's',
              better: 'lower',
              goal: 1,
            });
          if (days !== 30) continue;
          if (context.wants('incremental_run_s'))
            context.figure({
              metric: 'incremental_run_s',
              value: middle(({ runS }) => runS),
              unit: 's',
              better: 'lower',
              goal: 10,
            });
          if (context.wants('full_refresh_s')) {
            const { value, baseline } = await bench.fullRefresh();
            context.figure({ metric: 'full_refresh_s', value, unit: 's', better: 'lower', baseline });
          }
        }
      }),
    );
  },
};
