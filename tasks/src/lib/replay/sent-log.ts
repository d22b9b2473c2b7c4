import { closeSync, openSync, writeSync } from 'node:fs';

/** A frame of trades on its way: `first` counts along the schedule, so a day that is played again gets new numbers. */
export interface SentFrame {
  /** Epoch milliseconds at which it was handed to the socket. */
  readonly at: number;
  readonly connection: number;
  readonly first: number;
  readonly count: number;
}

/** One line of JSON for each frame sent. Written at once, so that a kill of this process leaves what was sent on record. */
export class SentLog {
  readonly #file: number | undefined;

  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : openSync(path, 'a', 0o600);
  }

  add(frame: SentFrame): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(frame)}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
