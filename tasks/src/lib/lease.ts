import { z } from 'zod';
import { RatehouseError } from './error.ts';
import type { Objects } from './objects.ts';
import { waitFor } from './wait.ts';

const lease = z.object({ holder: z.string(), until: z.number() });

export interface LeaseOptions {
  /** The object that is the lease. */
  readonly key: string;
  readonly holder: string;
  /** How long it holds when its holder dies; it is renewed three times as often. */
  readonly ttlMs: number;
  /** How long to wait for another holder. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Epoch milliseconds; the clocks of two holders may differ by less than a third of `ttlMs`. */
  readonly now?: () => number;
}

/**
 * Runs `work` while nobody else holds the lease. A holder that died loses it when its time is over; one that cannot renew it in
 * time is told by the signal that `work` gets, and what it writes afterwards by tag is refused, for its successor has written.
 * @throws RATEHOUSE_TIMEOUT when the holder does not end in time
 */
export async function withLease<T>(
  objects: Objects,
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { key, holder, ttlMs, timeoutMs, signal, now = Date.now } = options;
  const text = (until: number): string => JSON.stringify({ holder, until });
  let tag = await waitFor(
    async () => {
      const held = await objects.get(key);
      if (held !== undefined && lease.parse(JSON.parse(held.text)).until > now()) return undefined;
      return objects.put(key, text(now() + ttlMs), held?.tag);
    },
    { what: `another sync to end, which holds ${key}`, timeoutMs, signal, intervalMs: 500 },
  );
  const lost = new AbortController();
  let renewing: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    try {
      const next = await objects.put(key, text(now() + ttlMs), tag);
      if (next === undefined) throw new Error('another holds it now');
      tag = next;
    } catch (cause) {
      lost.abort(
        new RatehouseError('RATEHOUSE_CONFLICT', `The lease ${key} was lost; what is left is for the next run.`, {
          cause,
        }),
      );
    }
  };
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, ttlMs / 3);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(timer);
    await renewing;
    // Given back at once. If the storage does not answer now, it is over by its time.
    if (!lost.signal.aborted) await objects.put(key, text(0), tag).catch(() => undefined);
  }
}
