import { Bookmark } from './bookmark.ts';
import type { Listener } from './connection.ts';
import { Coverage } from './coverage.ts';
import { tradeFrame } from './frame.ts';
import { RESERVE_AHEAD, SAVE_EVERY_MS, type Player, type PlayerSetup, type Progress } from './player.ts';
import { NowSchedule } from './schedule.ts';

/**
 * The recording moved to now: its past once, to the first who subscribes, and its last day as it falls due, to all who
 * are subscribed at that moment. A part of the past that is left when its reader goes is kept for the next who subscribes.
 */
export class NowPlayer implements Player {
  readonly #setup: PlayerSetup;
  readonly #anchor: number;
  readonly #schedule: NowSchedule;
  readonly #past: Bookmark;
  readonly #pastStart: number;
  readonly #coverage: Coverage;
  readonly #uncertain: number;
  /** The next trade of each subscriber; a slow one may be behind the others. */
  readonly #next = new Map<Listener, number>();
  #reader: Listener | undefined;
  #due: number;

  constructor(setup: PlayerSetup) {
    const { state, recording, speed, clock } = setup;
    this.#setup = setup;
    this.#anchor = state.anchor ?? clock();
    this.#schedule = new NowSchedule(recording, this.#anchor, speed);
    const { pastCount } = this.#schedule;
    this.#pastStart = Math.min(state.position, pastCount);
    this.#past = new Bookmark(pastCount, this.#pastStart);
    const settled = Math.max(pastCount, state.settled);
    // Killed: what fell due until the state would have been written again may have been sent, what came later was not.
    const open = this.#schedule.dueCount(Math.min(clock(), state.savedAt + 2 * SAVE_EVERY_MS));
    const resumed = state.running ? Math.max(settled, open) : settled;
    this.#uncertain = state.uncertain + resumed - settled;
    this.#coverage = new Coverage(resumed);
    this.#due = resumed;
  }

  step(): number {
    const { feed, clock } = this.#setup;
    if (feed.subscribers().length > 0 && feed.strike()) return 0;
    const now = clock();
    const { stall } = feed;
    if (stall !== undefined) {
      // As from a feed that went silent, what falls due meanwhile never comes.
      const due = this.#dueAt(Math.min(now, stall.until));
      for (const [listener, next] of this.#next) this.#next.set(listener, Math.max(next, due));
      if (now < stall.until) return stall.until - now;
      feed.endStall();
    }
    const due = this.#dueAt(now);
    let sent = false;
    for (const [listener, next] of this.#next) {
      if (!listener.writable) continue;
      if (listener === this.#reader && !this.#past.done) sent = this.#sendPast(listener) || sent;
      else if (next < due) sent = this.#sendDue(listener, next, due) || sent;
    }
    if (sent) return 0;
    return this.#next.size === 0 ? Infinity : Math.max(1, this.#schedule.time(due) - now);
  }

  joined(listener: Listener): void {
    this.#settle();
    this.#next.set(listener, this.#due);
    // A reader that is closing may take its time to be gone; it gets no more.
    if (this.#reader?.open !== true) this.#reader = listener;
  }

  left(listener: Listener): void {
    this.#next.delete(listener);
    if (this.#reader === listener) this.#reader = undefined;
    this.#settle();
  }

  progress(): Progress {
    this.#settle();
    const { sent, lost, ahead } = this.#coverage;
    const { state } = this.#setup;
    const past = this.#past.position - this.#pastStart;
    return {
      sent: state.sent + past + sent + ahead,
      lost: state.lost + lost,
      uncertain: this.#uncertain,
      position: this.#past.done ? this.#schedule.place(this.#due) : this.#past.position,
      done: false,
      anchor: this.#anchor,
    };
  }

  save(running: boolean): void {
    const { sent, lost, uncertain } = this.progress();
    const { position, bound } = this.#past;
    this.#setup.file.write({
      ...this.#setup.state,
      running,
      savedAt: this.#setup.clock(),
      position,
      bound,
      settled: this.#coverage.settled,
      // Those ahead of a slow subscriber are not settled: after a kill they belong to the uncertain.
      sent: sent - this.#coverage.ahead,
      lost,
      uncertain,
    });
  }

  #sendPast(listener: Listener): boolean {
    const { position } = this.#past;
    const end = this.#endOf(position, this.#past.end);
    if (end === position) return false;
    if (this.#past.reserve(end, position + RESERVE_AHEAD)) this.save(true);
    this.#past.sentTo(end);
    this.#send(listener, position, end);
    if (this.#past.done) this.save(true);
    return true;
  }

  #sendDue(listener: Listener, first: number, due: number): boolean {
    const end = this.#endOf(first, due);
    if (end === first) return false;
    this.#next.set(listener, end);
    this.#coverage.add(first, end);
    this.#send(listener, first, end);
    return true;
  }

  #endOf(first: number, end: number): number {
    return Math.min(end, first + this.#setup.tradesPerFrame, first + this.#setup.feed.room);
  }

  #send(listener: Listener, first: number, end: number): void {
    const { feed, recording } = this.#setup;
    feed.send([listener], tradeFrame(recording, feed.symbol, this.#schedule, first, end), first, end - first);
  }

  /** Never goes back, not even when the clock does: what was due once is not sent to anybody again. */
  #dueAt(now: number): number {
    this.#due = Math.max(this.#due, this.#schedule.dueCount(now));
    return this.#due;
  }

  #settle(): void {
    let floor = this.#dueAt(this.#setup.clock());
    for (const next of this.#next.values()) floor = Math.min(floor, next);
    this.#coverage.settle(floor);
  }
}
