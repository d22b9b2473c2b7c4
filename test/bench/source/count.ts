import type { Codec } from '../../../tasks/src/lib/contracts.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { CommittedTopic } from '../lib/committed.ts';
import type { Sent } from './feed.ts';
import { Tally } from './tally.ts';

/** So long without a new trade, and the rest is lost. */
const PATIENCE_MS = 60_000;
const WAIT_MS = 500;

export interface CountedRun {
  /** Where the topic goes on. */
  readonly end: number;
  /** How many trades stand in an offset range, `from` inclusive, `to` exclusive. */
  between(from: number, to: number): number;
}

/**
 * Reads a run's trades back, from an offset on, until all that were sent have come.
 * Throws when one is lost, doubled, or not what was sent.
 */
export async function count(
  topic: CommittedTopic,
  codec: Codec,
  start: number,
  sent: Sent,
  signal: AbortSignal,
): Promise<CountedRun> {
  const reader = codec.reader('trades', ['volume', 'connection_id', 'sequence']);
  const tally = new Tally(sent);
  const offsets: number[] = [];
  let position = start;
  let cameAt = Date.now();
  // On to the end also when all have come: what is there twice may come last.
  while (!tally.complete || position < (await topic.end())) {
    signal.throwIfAborted();
    const { values, next } = await topic.fetch(position, WAIT_MS);
    const records = values.map((record) => ({ topic: 'trades', partition: 0, ...record }));
    const trades = await reader.readAll(records);
    trades.forEach((trade, i) => {
      const offset = values[i]?.offset ?? 0;
      offsets.push(offset);
      tally.add(trade, offset);
    });
    if (next > position) cameAt = Date.now();
    else if (Date.now() - cameAt > PATIENCE_MS) break;
    position = next;
  }
  const fault = tally.fault();
  if (fault !== undefined) throw new RatehouseError('RATEHOUSE_UNBALANCED', fault);
  return { end: position, between: (from, to) => below(offsets, to) - below(offsets, from) };
}

/** How many of an ascending list are below a limit. */
function below(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
