import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from '../lib/bench.ts';
import { Jvm } from '../lib/jvm.ts';
import { quantile } from '../lib/quantile.ts';
import { acknowledged } from './acknowledged.ts';
import type { SourceBench } from './bench.ts';
import { load, type Load } from './load.ts';
import type { Subject } from './subject.ts';

const ACK_PER_SECOND = 2000;
const HEAP_PER_SECOND = 20_000;
const MINUTE = 60;

function loadOf(context: BenchContext, tradesPerFrame: number, perSecond: number): Load {
  const { option } = context;
  return { tradesPerFrame, perSecond, warmUpSeconds: option('warm-up'), seconds: option('seconds') };
}

/** As many as they take: how many are committed in a second, at what cost, and in how much memory. */
export async function throughput(bench: SourceBench, context: BenchContext): Promise<void> {
  const { figure, wants } = context;
  if (wants('trades_per_s_10_per_frame', 'cpu_s_per_million_trades', 'peak_heap_mib')) {
    const wanted = loadOf(context, 10, 0);
    let peak = NaN;
    const ours = await load(bench, bench.connector, wanted, async ({ pid, over }) => {
      peak = await new Jvm(bench.java, pid).peakMib(over);
    });
    const other = await load(bench, bench.bridge, wanted);
    if (wants('trades_per_s_10_per_frame'))
      figure({
        metric: 'trades_per_s_10_per_frame',
        value: ours.tradesPerSecond,
        unit: 'trades/s',
        better: 'higher',
        goal: 50_000,
        baseline: other.tradesPerSecond,
      });
    if (wants('cpu_s_per_million_trades'))
      figure({
        metric: 'cpu_s_per_million_trades',
        value: ours.cpuPerMillion,
        unit: 's',
        better: 'lower',
        baseline: other.cpuPerMillion,
      });
    if (wants('peak_heap_mib')) figure({ metric: 'peak_heap_mib', value: peak, unit: 'MiB', better: 'lower' });
  }
  if (wants('trades_per_s_1_per_frame')) {
    const wanted = loadOf(context, 1, 0);
    const ours = await load(bench, bench.connector, wanted);
    const other = await load(bench, bench.bridge, wanted);
    figure({
      metric: 'trades_per_s_1_per_frame',
      value: ours.tradesPerSecond,
      unit: 'trades/s',
      better: 'higher',
      goal: 20_000,
      baseline: other.tradesPerSecond,
    });
  }
}

/** At 2,000 trades a second, each in a frame of its own: from the feed's send to a read_committed consumer. */
export async function latency(bench: SourceBench, context: BenchContext): Promise<void> {
  const { figure, wants } = context;
  if (!wants('ack_p50_ms_at_2000', 'ack_p99_ms_at_2000')) return;
  const waits = async (subject: Subject): Promise<readonly number[]> => {
    let found: readonly number[] = [];
    await load(bench, subject, loadOf(context, 1, ACK_PER_SECOND), async ({ over }) => {
      found = await acknowledged(bench.topic, bench.codec, over);
    });
    return found;
  };
  const ours = await waits(bench.connector);
  const other = await waits(bench.bridge);
  const ms = { unit: 'ms', better: 'lower' } as const;
  if (wants('ack_p50_ms_at_2000'))
    figure({ metric: 'ack_p50_ms_at_2000', value: quantile(ours, 0.5), baseline: quantile(other, 0.5), ...ms });
  if (wants('ack_p99_ms_at_2000'))
    figure({
      metric: 'ack_p99_ms_at_2000',
      value: quantile(ours, 0.99),
      baseline: quantile(other, 0.99),
      goal: 100,
      ...ms,
    });
}

/** Ten minutes of 20,000 trades a second: what is alive at the end of the last minute more than at the end of the first. */
export async function heapGrowth(bench: SourceBench, context: BenchContext): Promise<void> {
  const { figure, wants, option, say } = context;
  if (!wants('heap_growth_mib')) return;
  const seconds = option('heap-minutes') * MINUTE;
  let growth = NaN;
  await load(
    bench,
    bench.connector,
    { tradesPerFrame: 10, perSecond: HEAP_PER_SECOND, warmUpSeconds: option('warm-up'), seconds },
    async ({ pid, over }) => {
      const jvm = new Jvm(bench.java, pid);
      await delay(Math.min(MINUTE, seconds / 2) * 1000, undefined, { signal: bench.signal });
      const early = await jvm.liveMib(bench.signal);
      say(`  alive on the heap after the first minute: ${early.toFixed(1)} MiB`);
      await over;
      const late = await jvm.liveMib(bench.signal);
      say(`  alive on the heap at the end: ${late.toFixed(1)} MiB`);
      growth = late - early;
    },
  );
  figure({ metric: 'heap_growth_mib', value: growth, unit: 'MiB', better: 'lower', goal: 16 });
}
