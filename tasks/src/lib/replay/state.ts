import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RatehouseError, describe } from '../error.ts';

const count = z.int().min(0);

const stateSchema = z.strictObject({
  version: z.literal(1),
  mode: z.enum(['recorded', 'now']),
  symbol: z.string(),
  /** What the recording is known by: its number of trades, the times of its first and last one. */
  trades: count,
  first: z.int(),
  last: z.int(),
  /** Of the mode now, whose times depend on it; null in the mode recorded. */
  speed: z.number().nullable(),
  /** The instant, epoch ms, at which the past ends; null in the mode recorded. */
  anchor: z.int().nullable(),
  /** It was written by a process that had not ended. */
  running: z.boolean(),
  savedAt: z.int(),
  /** The part that is sent once: exact as of savedAt, and the bound below which anything may have been sent. */
  position: count,
  bound: count,
  /** Of the trades that fall due live: below this each is in `sent` or `lost`. */
  settled: count,
  sent: count,
  lost: count,
  /** Sent or lost, never both; a kill left open which. */
  uncertain: count,
});
export type ReplayState = z.output<typeof stateSchema>;
export type ReplayIdentity = Pick<ReplayState, 'mode' | 'symbol' | 'trades' | 'first' | 'last' | 'speed'>;

/** Where to go on: from what was found, or, when that is nothing, from the start, with its anchor at `now`. */
export function resume(found: ReplayState | undefined, wanted: ReplayIdentity, now: number): ReplayState {
  if (found === undefined) {
    const nothing = { position: 0, bound: 0, settled: 0, sent: 0, lost: 0, uncertain: 0 };
    const anchor = wanted.mode === 'now' ? now : null;
    return { version: 1, ...wanted, anchor, running: false, savedAt: now, ...nothing };
  }
  const keys = ['mode', 'symbol', 'trades', 'first', 'last', 'speed'] as const;
  const other = keys.filter((key) => found[key] !== wanted[key]);
  if (other.length > 0) {
    const differences = other.map((k) => `${k}: wanted ${wanted[k] ?? 'none'}, found ${found[k] ?? 'none'}`);
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `The state was kept for another replay (${differences.join('; ')}). Name another --state, or remove the file to start anew.`,
    );
  }
  if (!found.running) return found;
  return { ...found, position: found.bound, uncertain: found.uncertain + found.bound - found.position };
}

/** The state's file. Without a path nothing is kept. */
export class StateFile {
  readonly #path: string | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  read(): ReplayState | undefined {
    if (this.#path === undefined) return undefined;
    try {
      return stateSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      const why = error instanceof z.ZodError ? z.prettifyError(error) : describe(error);
      throw new RatehouseError(
        'RATEHOUSE_BAD_DATA',
        `${this.#path} is no state of a replay: ${why}. Remove it to start anew; the past is then sent again.`,
        { cause: error },
      );
    }
  }

  /**
   * Synchronous, because nothing may be sent between the decision to send and this. Renamed into place, so that a kill
   * leaves the old state or the new one. Not synced to the disk: a machine that loses power loses the readers as well.
   */
  write(state: ReplayState): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    const next = `${this.#path}.next`;
    writeFileSync(next, `${JSON.stringify(state)}\n`, { mode: 0o600 });
    renameSync(next, this.#path);
  }
}
