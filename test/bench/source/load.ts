import { setTimeout as delay } from 'node:timers/promises';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { cpuSeconds } from '../lib/cpu.ts';
import type { SourceBench } from './bench.ts';
import { count } from './count.ts';
import type { Subject } from './subject.ts';

export interface Load {
  readonly tradesPerFrame: number;
  /** 0 for as many as the subject takes. */
  readonly perSecond: number;
  /** Of load before the measured time; without a rate also WARM_UP_TRADES. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface Measured {
  /** Committed, and so to be read by a read_committed consumer, in each second of the measured time. */
  readonly tradesPerSecond: number;
  /** Of the subject's whole process, over the same time. */
  readonly cpuPerMillion: number;
}

/** What is done beside the load, in the measured time. */
export type Beside = (during: { readonly pid: number; readonly over: Promise<void> }) => Promise<void>;

/** A compiler that has to share its processor needs trades, not seconds: until then its own work is a good part of all. */
const WARM_UP_TRADES = 3_000_000;
const WARM_UP_TIMEOUT_MS = 600_000;

/** Puts a subject under a load, measures, and counts that each trade sent is in the topic once. */
export async function load(
  bench: SourceBench,
  subject: Subject,
  wanted: Load,
  beside: Beside = () => Promise.resolve(),
): Promise<Measured> {
  const { feed, topic, codec, signal, say } = bench;
  const what = `${subject.name}, ${wanted.tradesPerFrame} a frame${wanted.perSecond > 0 ? `, ${wanted.perSecond} a second` : ''}`;
  const start = await topic.end();
  const pid = await subject.start(feed.url);
  try {
    await feed.reader();
    feed.send(wanted.tradesPerFrame, wanted.perSecond);
    await warmUp(bench, wanted, start);
    const [from, fromCpu, began] = [await topic.end(), cpuSeconds(pid), performance.now()];
    const over = delay(wanted.seconds * 1000, undefined, { signal });
    await Promise.all([over, beside({ pid, over })]);
    const [to, toCpu, ended] = [await topic.end(), cpuSeconds(pid), performance.now()];
    const sent = await feed.stop();
    const counted = await count(topic, codec, start, sent, signal);
    const trades = counted.between(from, to);
    const tradesPerSecond = (trades / (ended - began)) * 1000;
    const cpuPerMillion = ((toCpu - fromCpu) / trades) * 1e6;
    const rate = `${Math.round(tradesPerSecond)} trades/s, ${cpuPerMillion.toFixed(1)} CPU s a million`;
    say(`  ${what}: ${rate}; all ${sent.to - sent.from} that were sent are in the topic once`);
    return { tradesPerSecond, cpuPerMillion };
  } catch (error) {
    if (error instanceof RatehouseError && error.code === 'RATEHOUSE_UNBALANCED')
      throw new RatehouseError('RATEHOUSE_UNBALANCED', `${what}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await subject.stop();
    if (!signal.aborted) await feed.noReader();
  }
}

async function warmUp(
  { topic, signal }: SourceBench,
  { perSecond, warmUpSeconds }: Load,
  start: number,
): Promise<void> {
  await delay(warmUpSeconds * 1000, undefined, { signal });
  if (perSecond > 0) return;
  // Offsets count the ends of transactions too, which are few.
  await waitFor(async () => (await topic.end()) - start >= WARM_UP_TRADES, {
    what: `the first ${WARM_UP_TRADES} trades, which are not measured,`,
    timeoutMs: WARM_UP_TIMEOUT_MS,
    intervalMs: 1000,
    signal,
  });
}
