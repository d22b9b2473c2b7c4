import { setTimeout as delay } from 'node:timers/promises';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { BenchContext } from '../lib/bench.ts';
import { cpuSeconds } from '../lib/cpu.ts';
import { quantile } from '../lib/quantile.ts';
import type { SinkBench } from './bench.ts';
import { connector } from './connector.ts';
import { loop } from './loop.ts';
import type { Subject } from './subject.ts';

/** As in the shipped configuration of the sink. */
const LINGER_MS = 100;
const LATENCY_PER_SECOND = 2_000;
const TICK_MS = 5;
const COUNT_EVERY_MS = 50;
const NEWEST_EVERY_MS = 2;
/** So long without a new row, and the rest is lost. */
const PATIENCE_MS = 60_000;

/** From the topic's send to a query that sees the row, of a stream of rows. */
export async function latency(bench: SinkBench, context: BenchContext): Promise<void> {
  if (!context.wants('queryable_p99_ms')) return;
  const ours = await queryable(bench, connector(bench.engines, bench.signal, 'sink-latency'), context);
  const other = await queryable(bench, loop(bench.engines, 'loop-latency', LINGER_MS), context);
  context.figure({ metric: 'queryable_p99_ms', value: ours, unit: 'ms', better: 'lower', baseline: other });
}

/** A topic that is full already: how many rows of it are written in a second. */
export async function throughput(bench: SinkBench, context: BenchContext): Promise<void> {
  if (!context.wants('rows_per_s', 'cpu_s_per_million_rows')) return;
  bench.say('Filling the topic ...');
  await bench.fill(Math.max(bench.rows, context.option('rows')));
  const ours = await written(bench, connector(bench.engines, bench.signal, 'sink-throughput'), context);
  const other = await written(bench, loop(bench.engines, 'loop-throughput', LINGER_MS), context);
  if (context.wants('rows_per_s'))
    context.figure({
      metric: 'rows_per_s',
      value: ours.rowsPerSecond,
      unit: 'rows/s',
      better: 'higher',
      goal: 150_000,
      baseline: other.rowsPerSecond,
    });
  if (context.wants('cpu_s_per_million_rows'))
    context.figure({
      metric: 'cpu_s_per_million_rows',
      value: ours.cpuPerMillion,
      unit: 's',
      better: 'lower',
      baseline: other.cpuPerMillion,
    });
}

interface Written {
  readonly rowsPerSecond: number;
  /** CPU seconds of the subject's whole process. */
  readonly cpuPerMillion: number;
}

async function written(bench: SinkBench, subject: Subject, { option }: BenchContext): Promise<Written> {
  await bench.emptyTable();
  const pid = await subject.start();
  try {
    const [fromRows, fromMs] = await reached(bench, subject, bench.rows * option('warm-up-share'));
    const fromCpu = cpuSeconds(pid);
    const [toRows, toMs] = await reached(bench, subject, bench.rows);
    const toCpu = cpuSeconds(pid);
    await bench.check(subject.name);
    const rows = toRows - fromRows;
    const rowsPerSecond = (rows / (toMs - fromMs)) * 1000;
    const cpuPerMillion = ((toCpu - fromCpu) / rows) * 1e6;
    const rate = `${Math.round(rowsPerSecond)} rows/s, ${cpuPerMillion.toFixed(1)} CPU s a million`;
    bench.say(`  ${subject.name}: ${rate}, over ${rows} rows; all are there once`);
    return { rowsPerSecond, cpuPerMillion };
  } finally {
    await subject.stop();
  }
}

/** When the table has got so many rows, and how many it has then. */
async function reached(bench: SinkBench, subject: Subject, wanted: number): Promise<readonly [number, number]> {
  let rows = 0;
  let cameAt = performance.now();
  for (;;) {
    bench.signal.throwIfAborted();
    const found = await bench.written();
    const now = performance.now();
    if (found > rows) cameAt = now;
    rows = found;
    if (rows >= wanted) return [rows, now];
    if (now - cameAt > PATIENCE_MS)
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `${subject.name}: ${rows} rows came of ${wanted}.`);
    await delay(COUNT_EVERY_MS, undefined, { signal: bench.signal });
  }
}

async function queryable(bench: SinkBench, subject: Subject, { option }: BenchContext): Promise<number> {
  await bench.emptyTable();
  await subject.start();
  try {
    // One first, until it is seen: starting is not what is measured.
    await bench.send(1);
    await reached(bench, subject, bench.rows);
    const sentAt = new Map<number, number>();
    const sending = { over: false, measured: Infinity };
    const warmUpMs = option('warm-up') * 1000;
    const sender = (async () => {
      const began = performance.now();
      const end = warmUpMs + option('seconds') * 1000;
      for (let sent = 0; performance.now() - began < end;) {
        bench.signal.throwIfAborted();
        const elapsed = performance.now() - began;
        const due = Math.floor((elapsed / 1000) * LATENCY_PER_SECOND) - sent;
        if (elapsed >= warmUpMs && sending.measured === Infinity) sending.measured = bench.rows;
        if (due > 0) {
          const now = performance.now();
          for (let offset = bench.rows; offset < bench.rows + due; offset += 1) sentAt.set(offset, now);
          await bench.send(due);
          sent += due;
        }
        await delay(TICK_MS);
      }
    })().finally(() => (sending.over = true));
    const waits = await seen(bench, subject, sentAt, sending);
    await sender;
    await bench.check(subject.name);
    const p99 = quantile(waits, 0.99);
    bench.say(
      `  ${subject.name}: queryable after p50 ${quantile(waits, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms of ${waits.length} rows`,
    );
    return p99;
  } finally {
    await subject.stop();
  }
}

/** For each row of the measured time how long it took until a query saw it. Rows of one insert become visible together. */
async function seen(
  bench: SinkBench,
  subject: Subject,
  sentAt: ReadonlyMap<number, number>,
  sending: { readonly over: boolean; readonly measured: number },
): Promise<readonly number[]> {
  const waits: number[] = [];
  let next = bench.rows;
  let cameAt = performance.now();
  while (!sending.over || next < bench.rows) {
    bench.signal.throwIfAborted();
    const newest = await bench.newest();
    const now = performance.now();
    if (newest >= next) cameAt = now;
    for (; next <= newest; next += 1) {
      const sent = sentAt.get(next);
      if (sent !== undefined && next >= sending.measured) waits.push(now - sent);
    }
    if (now - cameAt > PATIENCE_MS)
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `${subject.name}: offset ${next} did not come.`);
    await delay(NEWEST_EVERY_MS, undefined, { signal: bench.signal });
  }
  return waits;
}
