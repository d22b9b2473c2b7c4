export const DAY_MS = 86_400_000;

/** Times in ascending order, epoch milliseconds. */
export interface Times {
  readonly length: number;
  time(index: number): number;
}

/** Which trade of the recording the n-th of the schedule is, and the time it carries. */
export interface Schedule {
  place(index: number): number;
  time(index: number): number;
}

/** The first index in [from, to) that passes, or `to`. All after one that passes must pass. */
function first(from: number, to: number, passes: (index: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The recording's own times, from its first trade on, `speed` recorded seconds to a second; Infinity: all at once. */
export class RecordedSchedule implements Schedule {
  readonly #times: Times;
  readonly #speed: number;

  constructor(times: Times, speed: number) {
    this.#times = times;
    this.#speed = speed;
  }

  place(index: number): number {
    return index;
  }

  time(index: number): number {
    return this.#times.time(index);
  }

  /** Milliseconds of playing after which this trade is due. */
  dueAfter(index: number): number {
    return (this.#times.time(index) - this.#times.time(0)) / this.#speed;
  }

  /** How many trades are due after so many milliseconds of playing. */
  dueCount(played: number): number {
    return first(0, this.#times.length, (i) => this.dueAfter(i) > played);
  }
}

/**
 * The recording moved to now, without an end. Its last 24 hours, (last - 24 h, last], play from the anchor on, and again
 * after each of their ends; what is before them is the past, which ends at the anchor. Everything follows from the anchor
 * and the index, so that there is nothing that could drift. At speed 1 a trade carries its own time moved by a whole
 * number of milliseconds; at another speed the instant at which it is due, for a feed's times are never ahead of the clock.
 */
export class NowSchedule implements Schedule {
  readonly pastCount: number;
  readonly #dayCount: number;
  readonly #dayStart: number;
  readonly #times: Times;
  readonly #anchor: number;
  readonly #speed: number;

  constructor(times: Times, anchor: number, speed: number) {
    this.#times = times;
    this.#anchor = anchor;
    this.#speed = speed;
    this.#dayStart = times.time(times.length - 1) - DAY_MS;
    this.pastCount = first(0, times.length, (i) => times.time(i) > this.#dayStart);
    this.#dayCount = times.length - this.pastCount;
  }

  place(index: number): number {
    return index < this.pastCount ? index : this.pastCount + ((index - this.pastCount) % this.#dayCount);
  }

  time(index: number): number {
    const offset = this.#times.time(this.place(index)) - this.#dayStart;
    if (index < this.pastCount) return this.#anchor + offset;
    const pass = Math.floor((index - this.pastCount) / this.#dayCount);
    return this.#anchor + Math.floor((pass * DAY_MS + offset) / this.#speed);
  }

  /** How many trades, the past included, have a time up to this instant. */
  dueCount(at: number): number {
    if (at < this.#anchor) return this.pastCount;
    const pass = Math.floor(((at - this.#anchor) * this.#speed) / DAY_MS);
    // One pass to either side: at the edge of a day, rounding down to the millisecond decides.
    const from = this.pastCount + Math.max(0, pass - 1) * this.#dayCount;
    return first(from, from + 3 * this.#dayCount, (i) => this.time(i) > at);
  }
}

/** Milliseconds for which something has run, pauses left out. */
export class PlayClock {
  #played: number;
  #since: number | undefined;

  constructor(played: number) {
    this.#played = played;
  }

  run(at: number): void {
    this.#since ??= at;
  }

  pause(at: number): void {
    this.#played = this.played(at);
    this.#since = undefined;
  }

  played(at: number): number {
    return this.#played + Math.max(0, at - (this.#since ?? at));
  }
}
