import type { Bench } from '../lib/bench.ts';
import { withEngines } from '../lib/engines.ts';
import { SinkBench } from './bench.ts';
import { latency, throughput } from './measures.ts';

export const clickHouseSink: Bench = {
  about: 'the ClickHouse sink beside a loop of kafkajs and @clickhouse/client',
  metrics: ['rows_per_s', 'cpu_s_per_million_rows', 'queryable_p99_ms'],
  options: {
    rows: { about: 'candles in the topic that is written', value: 1_500_000 },
    'warm-up-share': { about: 'of these, written before the time is taken', value: 0.4 },
    seconds: { about: 'seconds in which rows are timed, at 2,000 a second', value: 30 },
    'warm-up': { about: 'seconds of the same load before them', value: 15 },
  },
  async run(context) {
    await withEngines(['kafka', 'registry', 'connect', 'clickhouse'], context, (engines) =>
      SinkBench.with(engines, context, async (bench) => {
        await latency(bench, context);
        await throughput(bench, context);
      }),
    );
  },
};
