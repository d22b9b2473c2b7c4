import { setTimeout as delay } from 'node:timers/promises';
import { RatehouseError, describe } from './error.ts';

export interface WaitOptions {
  /** What is waited for, as it would stand after "waiting for". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called between attempts; throwing ends the wait with that error. */
  readonly check?: () => void | Promise<void>;
}

/**
 * Asks until the answer is neither undefined nor false, or the deadline passes.
 * A thrown error counts as "not yet"; the last one is the cause of the time-out.
 */
export async function waitFor<T>(ask: () => Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  let last: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await options.check?.();
    if (Date.now() >= deadline) {
      const why = last === undefined ? '' : ` The last answer was: ${describe(last)}.`;
      throw new RatehouseError(
        'RATEHOUSE_TIMEOUT',
        `Gave up waiting for ${options.what} after ${Math.round(options.timeoutMs / 1000)} s.${why}`,
        { cause: last },
      );
    }
    await delay(options.intervalMs ?? 250, undefined, { signal: options.signal });
  }
}
