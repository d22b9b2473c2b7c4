import type { Bench } from '../lib/bench.ts';
import { withEngines } from '../lib/engines.ts';
import { withBench } from './bench.ts';
import { heapGrowth, latency, throughput } from './measures.ts';

/** The WebSocket source, in the worker and with the configuration that the product ships, beside a bridge that promises the same. */
export const source: Bench = {
  about: 'the WebSocket source beside a bridge of ws and kafkajs that promises the same.',
  metrics: [
    'trades_per_s_10_per_frame',
    'trades_per_s_1_per_frame',
    'cpu_s_per_million_trades',
    'ack_p50_ms_at_2000',
    'ack_p99_ms_at_2000',
    'peak_heap_mib',
    'heap_growth_mib',
  ],
  options: {
    seconds: { about: 'measured seconds of each run', value: 30 },
    'warm-up': { about: 'seconds of load before them', value: 30 },
    'heap-minutes': { about: 'minutes of load for heap_growth_mib', value: 10 },
  },
  run: (context) =>
    withEngines(['kafka', 'registry', 'connect'], context, (engines) =>
      withBench(engines, context, async (bench) => {
        await throughput(bench, context);
        await latency(bench, context);
        await heapGrowth(bench, context);
      }),
    ),
};
