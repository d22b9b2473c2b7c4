import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';

/** What waits in this process, unwritten, before a reader counts as slow. The kernel's buffers come on top. */
const HIGH_WATER_BYTES = 256 * 1024;

/** One end of the feed, as those who play trades see it. */
export interface Listener {
  readonly number: number;
  subscribed: boolean;
  /** It has not been closed, from either side. */
  readonly open: boolean;
  /** It takes more without what waits for it growing past the mark. */
  readonly writable: boolean;
  sendText(text: string, fragments: number): void;
  /** Breaks the TCP connection, with no close frame. */
  cut(): void;
  close(code: number): void;
  ping(): void;
}

export interface ConnectionEvents {
  message(text: string): void;
  ping(data: Buffer): void;
  /** What waited for it has gone out, so that it may be writable again. */
  drained(): void;
  failed(error: Error): void;
  closed(code: number): void;
}

export class Connection implements Listener {
  readonly number: number;
  subscribed = false;
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #drained: () => void;

  constructor(number: number, socket: WebSocket, tcp: Socket, events: ConnectionEvents) {
    this.number = number;
    this.#socket = socket;
    this.#tcp = tcp;
    this.#drained = () => {
      events.drained();
    };
    socket.on('message', (data: RawData) => {
      events.message(data instanceof Buffer ? data.toString('utf8') : '');
    });
    socket.on('ping', (data: Buffer) => {
      events.ping(data);
    });
    socket.on('error', (error) => {
      events.failed(error);
    });
    socket.on('close', (code) => {
      events.closed(code);
    });
  }

  get open(): boolean {
    // A TCP connection that was cut a moment ago is not known to the WebSocket yet: it still calls itself open.
    return this.#socket.readyState === this.#socket.OPEN && !this.#tcp.destroyed;
  }

  get writable(): boolean {
    return this.open && this.#socket.bufferedAmount < HIGH_WATER_BYTES;
  }

  sendText(text: string, fragments = 1): void {
    const bytes = Buffer.from(text);
    for (let part = 0; part < fragments; part += 1) {
      const from = Math.floor((bytes.length * part) / fragments);
      const to = Math.floor((bytes.length * (part + 1)) / fragments);
      const fin = part === fragments - 1;
      this.#socket.send(bytes.subarray(from, to), { binary: false, fin }, this.#drained);
    }
  }

  cut(): void {
    this.#tcp.resetAndDestroy();
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  ping(): void {
    this.#socket.ping();
  }

  pong(data: Buffer): void {
    if (this.open) this.#socket.pong(data);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
