import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { request } from '../../../tasks/src/lib/http.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { BenchContext } from '../lib/bench.ts';
import { quantile } from '../lib/quantile.ts';
import type { FlinkBench } from './bench.ts';
import { backlogTime, SYMBOLS, tradeOf } from './trades.ts';

const MINUTE = 60_000;
const AT_ONCE = 10_000;
const GROUP = 'flink-trade-windows-1';
/** A window is final when a trade is this far past its end. */
const LATENESS_MS = 5000;
const PATIENCE_MS = 120_000;
const TICK_MS = 20;

const checkpoints = z.object({ latest: z.object({ completed: z.object({ state_size: z.number() }) }) });

/** A topic that is full already: how many trades of it become candles and averages in a second, and how much state is kept. */
export async function throughput(bench: FlinkBench, context: BenchContext): Promise<void> {
  const { figure, option, wants, say } = context;
  const total = option('trades');
  say(`Filling the topic with ${total} trades ...`);
  const began = Math.floor(Date.now() / MINUTE) * MINUTE - backlogTime(total) - 10 * MINUTE;
  for (let n = 0; n < total; n += AT_ONCE) {
    context.signal.throwIfAborted();
    const count = Math.min(AT_ONCE, total - n);
    const now = Date.now();
    await bench.send(Array.from({ length: count }, (_, i) => tradeOf(n + i, 'BACK:', began + backlogTime(n + i), now)));
  }
  await bench.startJobs();
  say('The jobs read it ...');
  const rate = await readingRate(bench, total, option('warm-up-share'));
  await bench.jobsAreHealthy();
  if (wants('state_mib')) {
    let bytes = 0;
    for (const id of bench.jobs.values()) {
      const { latest } = checkpoints.parse((await request(`${bench.flink}/jobs/${id}/checkpoints`)).body);
      bytes += latest.completed.state_size;
    }
    figure({ metric: 'state_mib', value: bytes / 2 ** 20, unit: 'MiB', better: 'lower' });
  }
  if (wants('trades_per_s'))
    figure({ metric: 'trades_per_s', value: rate, unit: 'trades/s', better: 'higher', goal: 100_000 });
  await bench.startSink();
  await waitFor(async () => (await bench.totals('BACK:')).trades === total, {
    what: `all ${total} trades to be in candles`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 1000,
    signal: context.signal,
  });
}

/** Trades a second from when a share of them was read to the last: by what the job's completed checkpoints commit. */
async function readingRate(bench: FlinkBench, total: number, warmUp: number): Promise<number> {
  const admin = kafkaClient([bench.engines.stack.address('kafka')], jsonLog()).admin();
  await admin.connect();
  let from: { at: number; read: number } | undefined;
  let last = { at: Date.now(), read: 0 };
  try {
    for (;;) {
      bench.signal.throwIfAborted();
      const [found] = await admin.fetchOffsets({ groupId: GROUP, topics: ['trades'] });
      const read = Math.max(0, Number(found?.partitions[0]?.offset ?? 0));
      const at = Date.now();
      if (read > last.read) last = { at, read };
      else if (at - last.at > PATIENCE_MS)
        throw new RatehouseError(
          'RATEHOUSE_TIMEOUT',
          `The job has read ${read} of ${total} trades, and goes on no more.`,
        );
      if (read >= warmUp * total) from ??= { at, read };
      if (read >= total && from !== undefined && at > from.at) return ((read - from.read) * 1000) / (at - from.at);
      await delay(50);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Trades as they happen: from the moment in which the watermark passes a minute's end until its candles can be queried. */
export async function latency(bench: FlinkBench, context: BenchContext): Promise<void> {
  const { figure, option, wants, say, signal } = context;
  if (!wants('candle_to_clickhouse_p99_ms')) return;
  say(`Trades of ${SYMBOLS} symbols, as they happen, for ${option('minutes')} minutes ...`);
  const perSecond = option('per-second');
  const begin = Date.now();
  const firstMinute = Math.floor(begin / MINUTE) * MINUTE + MINUTE;
  const end = firstMinute + option('minutes') * MINUTE + LATENESS_MS + 10_000;
  const feed = async (): Promise<void> => {
    let sent = 0;
    while (Date.now() < end) {
      const now = Date.now();
      const due = Math.floor(((now - begin) * perSecond) / 1000);
      const batch = Array.from({ length: due - sent }, (_, i) =>
        tradeOf(sent + i, 'LIVE:', begin + Math.floor(((sent + i) * 1000) / perSecond), now),
      );
      if (batch.length > 0) await bench.send(batch);
      sent = due;
      await delay(TICK_MS, undefined, { signal });
    }
  };
  const waits: number[] = [];
  const watch = async (): Promise<void> => {
    for (let minute = firstMinute; minute < firstMinute + option('minutes') * MINUTE; minute += MINUTE) {
      const final = minute + MINUTE + LATENESS_MS;
      await delay(Math.max(0, final - 500 - Date.now()), undefined, { signal });
      const seen = new Set<string>();
      while (seen.size < SYMBOLS) {
        const asked = await bench.queryable(minute);
        const at = Date.now();
        for (const symbol of asked)
          if (!seen.has(symbol)) {
            seen.add(symbol);
            waits.push(at - final);
          }
        if (at > final + MINUTE - 1000)
          throw new RatehouseError('RATEHOUSE_TIMEOUT', `${seen.size} of ${SYMBOLS} candles of a minute came in time.`);
        await delay(TICK_MS, undefined, { signal });
      }
    }
  };
  await Promise.all([feed(), watch()]);
  figure({
    metric: 'candle_to_clickhouse_p99_ms',
    value: quantile(waits, 0.99),
    unit: 'ms',
    better: 'lower',
    goal: 3000,
  });
}
