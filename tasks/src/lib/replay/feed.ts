import type { Log } from '../log.ts';
import type { Listener } from './connection.ts';
import { type Fault, FaultQueue } from './faults.ts';
import { PING_FRAME, garbageFrame, lateFrame } from './frame.ts';
import type { SentLog } from './sent-log.ts';
import { Wake } from './wake.ts';

interface Stall {
  readonly until: number;
  readonly pings: boolean;
}

/** Who is connected, what is sent to them, and which faults disturb it: everything but which trade is next. */
export class Feed {
  readonly wake = new Wake();
  readonly faults = new FaultQueue();
  readonly symbol: string;
  readonly #listeners = new Set<Listener>();
  readonly #sentLog: SentLog;
  readonly #log: Log;
  readonly #clock: () => number;
  #handed = 0;
  #fragments = 1;
  #stall: Stall | undefined;

  constructor(symbol: string, sentLog: SentLog, log: Log, clock: () => number) {
    this.symbol = symbol;
    this.#sentLog = sentLog;
    this.#log = log;
    this.#clock = clock;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.wake.wake();
  }

  /** Those who are connected. */
  listeners(): readonly Listener[] {
    return [...this.#listeners].filter((l) => l.open);
  }

  subscribers(): readonly Listener[] {
    return this.listeners().filter((l) => l.subscribed);
  }

  /** Hands a frame of trades to these sockets. From here on the trades count as sent, whatever becomes of the sockets. */
  send(to: readonly Listener[], text: string, first: number, count: number): void {
    const fragments = this.#fragments;
    this.#fragments = 1;
    for (const listener of to) {
      const at = this.#clock();
      listener.sendText(text, fragments);
      this.#sentLog.add({ at, connection: listener.number, first, count });
    }
    this.#handed += count;
  }

  ping(): void {
    if (this.silent) return;
    // A reader that is behind finds life enough in what waits for it; pings would only pile up there.
    for (const listener of this.listeners().filter((l) => l.writable)) {
      listener.sendText(PING_FRAME, 1);
      listener.ping();
    }
  }

  /** How many trades may go out before the next fault strikes. */
  get room(): number {
    return this.faults.room(this.#handed);
  }

  /** One that waits for `after` more trades; with none to wait for, until somebody is there to be sent something. */
  arm(fault: Fault): void {
    this.faults.arm(fault, this.#handed);
  }

  /** A fault that need not wait happens at once, also when nothing is being sent. */
  request(fault: Fault): void {
    if (fault.after === undefined || fault.after === 0) this.#apply(fault);
    else this.arm(fault);
    this.wake.wake();
  }

  /** Lets the faults happen whose moment has come; true if there was one. */
  strike(): boolean {
    const faults = this.faults.take(this.#handed);
    for (const fault of faults) this.#apply(fault);
    return faults.length > 0;
  }

  /** The stall in force or just over; who plays takes note of it and then ends it. */
  get stall(): Stall | undefined {
    return this.#stall;
  }

  endStall(): void {
    this.#stall = undefined;
  }

  /** Not even a ping or a pong goes out. */
  get silent(): boolean {
    return this.#stall !== undefined && !this.#stall.pings && this.#clock() < this.#stall.until;
  }

  #apply(fault: Fault): void {
    this.#log.warn('A requested fault strikes.', { fault: fault.fault });
    switch (fault.fault) {
      case 'cut':
        for (const listener of this.listeners()) listener.cut();
        break;
      case 'close':
        for (const listener of this.listeners()) listener.close(fault.code);
        break;
      case 'stall':
        this.#stall = { until: this.#clock() + fault.seconds * 1000, pings: fault.pings };
        break;
      case 'garbage':
        for (const listener of this.subscribers()) {
          listener.sendText(garbageFrame(fault.form, this.symbol, this.#clock()), 1);
        }
        break;
      case 'late':
        for (const listener of this.subscribers())
          listener.sendText(lateFrame(this.symbol, fault.time, fault.price, fault.volume), 1);
        break;
      case 'fragments':
        this.#fragments = fault.parts;
        break;
    }
  }
}
