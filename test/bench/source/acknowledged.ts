import type { Codec } from '../../../tasks/src/lib/contracts.ts';
import type { CommittedTopic, FetchedValue } from '../lib/committed.ts';

const WAIT_MS = 200;

interface Arrival {
  readonly at: number;
  readonly values: readonly FetchedValue[];
}

/**
 * For each trade the time from its sending to the moment in which a read_committed consumer had it: one that waits at the topic's
 * end reads along, and what it has got is compared with the trade's event_time, which the feed sets when it writes the frame to the
 * socket. Both are Date.now() of this machine, in whole milliseconds. So the frame's way, the transaction with its end, and the
 * consumer's fetch are all in it.
 *
 * @returns milliseconds of each trade that came before `over`
 */
export async function acknowledged(
  topic: CommittedTopic,
  codec: Codec,
  over: Promise<void>,
): Promise<readonly number[]> {
  const time = { over: false };
  void over.finally(() => (time.over = true)).catch(() => undefined);
  const arrivals: Arrival[] = [];
  let position = await topic.end();
  while (!time.over) {
    const { values, next } = await topic.fetch(position, WAIT_MS);
    arrivals.push({ at: Date.now(), values });
    position = next;
  }
  // Decoded afterwards: the reader must not be what is measured.
  const reader = codec.reader('trades', ['event_time']);
  const waits: number[] = [];
  for (const { at, values } of arrivals) {
    const trades = await reader.readAll(values.map((value) => ({ topic: 'trades', partition: 0, ...value })));
    for (const { event_time } of trades) waits.push(at - event_time);
  }
  return waits;
}
