import type { Bench } from '../lib/bench.ts';
import { withEngines } from '../lib/engines.ts';
import { FlinkBench } from './bench.ts';
import { latency, throughput } from './measures.ts';

const ENGINES = [
  'kafka',
  'registry',
  'connect',
  'clickhouse',
  'flink-jobmanager',
  'flink-taskmanager',
  'flink-sql-gateway',
];

export const flink: Bench = {
  about: 'the Flink jobs, and the way of a candle to ClickHouse',
  metrics: ['trades_per_s', 'candle_to_clickhouse_p99_ms', 'state_mib'],
  options: {
    trades: { about: 'trades in the topic that is read', value: 5_000_000 },
    'warm-up-share': { about: 'of these, read before the time is taken', value: 0.2 },
    minutes: { about: 'minutes whose candles are timed', value: 4 },
    'per-second': { about: 'trades a second meanwhile', value: 2000 },
  },
  async run(context) {
    await withEngines(ENGINES, context, (engines) =>
      FlinkBench.with(engines, context, async (bench) => {
        await throughput(bench, context);
        await latency(bench, context);
      }),
    );
  },
};
