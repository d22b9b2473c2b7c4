import type { Listener } from '../../../tasks/src/lib/replay/connection.ts';
import { Feed } from '../../../tasks/src/lib/replay/feed.ts';
import { NowPlayer } from '../../../tasks/src/lib/replay/now-player.ts';
import type { Player } from '../../../tasks/src/lib/replay/player.ts';
import { RecordedPlayer } from '../../../tasks/src/lib/replay/recorded-player.ts';
import { RecordingBuilder } from '../../../tasks/src/lib/replay/recording.ts';
import { SentLog } from '../../../tasks/src/lib/replay/sent-log.ts';
import { StateFile, resume } from '../../../tasks/src/lib/replay/state.ts';
import { SYMBOL, priceText } from './harness.ts';

/** A listener without a socket. */
export class FakeListener implements Listener {
  subscribed = false;
  open = true;
  writable = true;
  readonly texts: string[] = [];
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  sendText(text: string): void {
    this.texts.push(text);
  }
  cut(): void {
    this.open = this.writable = false;
  }
  close(): void {
    this.cut();
  }
  ping(): void {
    this.texts.push('ping');
  }

  get prices(): string[] {
    return this.texts.flatMap((text) => [...text.matchAll(/"p":([^,]+)/g)].map(([, price = '']) => price));
  }
  get times(): number[] {
    return this.texts.flatMap((text) => [...text.matchAll(/"t":(\d+)/g)].map(([, time]) => Number(time)));
  }
}

export interface Stage {
  readonly mode: 'recorded' | 'now';
  readonly times: readonly number[];
  readonly speed?: number;
  readonly state?: string;
  readonly tradesPerFrame?: number;
}

/** A player whose clock the test moves. Making another over the same state is a restart; without stop(), after a kill. */
export class Theatre {
  now: number;
  readonly feed: Feed;
  readonly player: Player;
  #count = 0;

  constructor(now: number, { mode, times, speed = 1, state, tradesPerFrame = 20 }: Stage) {
    this.now = now;
    const clock = (): number => this.now;
    const none = (): void => undefined;
    this.feed = new Feed(SYMBOL, new SentLog(undefined), { info: none, warn: none, error: none }, clock);
    const builder = new RecordingBuilder();
    times.forEach((time, n) => {
      builder.add(time, priceText(n), '0.1');
    });
    const recording = builder.build();
    const file = new StateFile(state);
    const identity = {
      ...{ mode, symbol: SYMBOL, trades: times.length, first: times[0] ?? 0, last: times.at(-1) ?? 0 },
      speed: mode === 'now' ? speed : null,
    };
    const setup = { recording, feed: this.feed, file, speed, tradesPerFrame, clock };
    const kept = { ...setup, state: resume(file.read(), identity, now) };
    this.player = mode === 'now' ? new NowPlayer(kept) : new RecordedPlayer(kept);
    // As play() does before its first step.
    this.player.save(true);
  }

  subscribe(): FakeListener {
    this.#count += 1;
    const listener = new FakeListener(this.#count);
    this.feed.add(listener);
    listener.subscribed = true;
    this.player.joined(listener);
    return listener;
  }

  leave(listener: FakeListener): void {
    this.feed.remove(listener);
    this.player.left(listener);
  }

  /** Moves the clock and plays all that is due. Returns the milliseconds until there is more. */
  at(now: number): number {
    this.now = now;
    for (;;) {
      const idle = this.player.step();
      if (idle > 0) return idle;
    }
  }

  stop(): void {
    this.player.save(false);
  }
}
