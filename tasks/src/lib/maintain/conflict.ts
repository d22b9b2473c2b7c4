import { setTimeout as delay } from 'node:timers/promises';
import { RatehouseError, describe } from '../error.ts';
import type { Log } from '../log.ts';

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 1000;

/** What Trino says when another writer of a table was faster, or changed what was to be rewritten. Nothing was done then. */
const CONFLICT = /: ICEBERG_COMMIT_ERROR: |CommitFailedException|ValidationException|Cannot commit/;

export const isConflict = (error: unknown): boolean =>
  error instanceof RatehouseError && error.code === 'RATEHOUSE_REFUSED' && CONFLICT.test(error.message);

/** How long to wait before another attempt: doubled each time, and by chance up to a half shorter, so that two do not meet again. */
export const pauseMs = (attempt: number, random: number): number =>
  FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 - random / 2);

export interface Patience {
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
}

/**
 * Does work that reads what is there, decides, and acts. When another writer was faster it is done anew, from the reading on.
 * @throws the conflict after six attempts; any other error at once
 */
export async function replanned<T>(what: string, work: () => Promise<T>, patience: Patience): Promise<T> {
  const { log, signal, random = Math.random } = patience;
  const wait = patience.wait ?? ((ms: number) => delay(ms, undefined, { signal }));
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
      const ms = Math.round(pauseMs(attempt, random()));
      log.warn(`Another writer was faster at ${what}; planned anew in ${ms} ms.`, { attempt, reason: describe(error) });
      await wait(ms);
    }
  }
}
