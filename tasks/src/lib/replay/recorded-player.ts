import { Bookmark } from './bookmark.ts';
import { tradeFrame } from './frame.ts';
import { RESERVE_AHEAD, type Player, type PlayerSetup, type Progress } from './player.ts';
import { PlayClock, RecordedSchedule } from './schedule.ts';

/** The recording with its own times, each trade once, to all who are subscribed and at the pace of the slowest of them. */
export class RecordedPlayer implements Player {
  readonly #setup: PlayerSetup;
  readonly #schedule: RecordedSchedule;
  readonly #bookmark: Bookmark;
  readonly #playing: PlayClock;
  readonly #start: number;
  #saved = '';

  constructor(setup: PlayerSetup) {
    this.#setup = setup;
    this.#start = Math.min(setup.state.position, setup.recording.length);
    this.#schedule = new RecordedSchedule(setup.recording, setup.speed);
    this.#bookmark = new Bookmark(setup.recording.length, this.#start);
    this.#playing = new PlayClock(this.#bookmark.done ? 0 : this.#schedule.dueAfter(this.#start));
  }

  step(): number {
    const { feed, recording, tradesPerFrame, clock } = this.#setup;
    const subscribers = feed.subscribers();
    if (subscribers.length > 0 && feed.strike()) return 0;
    const held = (feed.stall?.until ?? 0) - clock();
    if (subscribers.length === 0 || held > 0) {
      this.#playing.pause(clock());
      return held > 0 ? held : Infinity;
    }
    feed.endStall();
    this.#playing.run(clock());
    const { position, done } = this.#bookmark;
    if (done || !subscribers.every((s) => s.writable)) return Infinity;
    const due = this.#schedule.dueCount(this.#playing.played(clock()));
    if (due <= position) return this.#schedule.dueAfter(position) - this.#playing.played(clock());
    const end = Math.min(due, position + tradesPerFrame, position + feed.room);
    if (this.#bookmark.reserve(end, Math.min(due, position + RESERVE_AHEAD))) this.save(true);
    const text = tradeFrame(recording, feed.symbol, this.#schedule, position, end);
    this.#bookmark.sentTo(end);
    feed.send(subscribers, text, position, end - position);
    if (this.#bookmark.done) this.save(true);
    return 0;
  }

  joined(): void {
    // The position is everybody's: whoever joins gets what comes next.
  }

  left(): void {
    // With nobody left the next step finds no subscriber, and pauses.
  }

  progress(): Progress {
    const { position, done } = this.#bookmark;
    const { sent, lost, uncertain } = this.#setup.state;
    return { sent: sent + position - this.#start, lost, uncertain, position, done, anchor: null };
  }

  save(running: boolean): void {
    const { position, bound } = this.#bookmark;
    const mark = `${position} of ${bound}`;
    if (running && mark === this.#saved) return;
    const { sent, uncertain } = this.progress();
    const savedAt = this.#setup.clock();
    this.#setup.file.write({ ...this.#setup.state, running, savedAt, position, bound, sent, uncertain });
    this.#saved = mark;
  }
}
