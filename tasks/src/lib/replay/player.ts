import { setImmediate } from 'node:timers/promises';
import type { Listener } from './connection.ts';
import type { Feed } from './feed.ts';
import type { Recording } from './recording.ts';
import type { ReplayState, StateFile } from './state.ts';
import type { Wake } from './wake.ts';

/** Steps between two looks at the event loop: pongs, unsubscribes and requests are read then. */
const STEPS_AT_ONCE = 8;

/** How far a part sent once is reserved ahead, in trades: at most what one kill leaves uncertain. */
export const RESERVE_AHEAD = 1000;

/** How often the state is written down while it changes. */
export const SAVE_EVERY_MS = 1000;

export interface PlayerSetup {
  readonly recording: Recording;
  readonly feed: Feed;
  readonly state: ReplayState;
  readonly file: StateFile;
  readonly speed: number;
  readonly tradesPerFrame: number;
  readonly clock: () => number;
}

export interface Progress {
  /** Trades that went to somebody, over all runs of this state. */
  readonly sent: number;
  /** Trades that fell due with nobody listening. */
  readonly lost: number;
  /** Trades of which a kill left open whether they were sent. */
  readonly uncertain: number;
  /** The next trade's place in the recording. */
  readonly position: number;
  /** The recording has been sent to its end. */
  readonly done: boolean;
  readonly anchor: number | null;
}

/** Decides which trades go to whom, and hands them to the feed. It has no timers: play() drives it. */
export interface Player {
  /** Sends what is due, a frame for each listener. 0: there may be more; else the milliseconds until there is. */
  step(): number;
  joined(listener: Listener): void;
  left(listener: Listener): void;
  progress(): Progress;
  save(running: boolean): void;
}

/** Drives the player until the signal, and has it save its state. A state that cannot be written ends the playing. */
export async function play(player: Player, wake: Wake, signal: AbortSignal): Promise<void> {
  const woken = (): void => {
    wake.wake();
  };
  signal.addEventListener('abort', woken, { once: true });
  let saved = -Infinity;
  for (let steps = 0; !signal.aborted; steps += 1) {
    if (Math.abs(Date.now() - saved) >= SAVE_EVERY_MS) {
      player.save(true);
      saved = Date.now();
    }
    const idle = player.step();
    if (idle > 0) await wake.wait(Math.min(idle, SAVE_EVERY_MS));
    else if (steps % STEPS_AT_ONCE === 0) await setImmediate();
  }
  signal.removeEventListener('abort', woken);
}
