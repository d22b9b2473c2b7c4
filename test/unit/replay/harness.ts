import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Json } from '../../../tasks/src/lib/command.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { replayFeed } from '../../../tasks/src/replay-feed.ts';

export const TOKEN = 'a-token-of-the-tests';
export const SYMBOL = 'BITSTAMP:BTCUSD';
export const DAY_MS = 86_400_000;

/** A folder that is gone after the test. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'replay-feed-'));

  file(name: string, content?: string): string {
    const path = join(this.path, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The text of the n-th trade's price: each is another, so that order, loss and doubles show. */
export function priceText(n: number, digits = 12): string {
  return `800.${String(n).padStart(digits, '0')}`;
}

/** A CSV with a trade for each time (epoch ms). */
export function csv(times: readonly number[], digits = 12): string {
  const lines = times.map((time, n) => `${time},${priceText(n, digits)},0.100000000000`);
  return `timestamp,price,amount\n${lines.join('\n')}\n`;
}

/** So many prices, from this one on, as a client should have got them. */
export function prices(from: number, count: number, digits = 12): string[] {
  return Array.from({ length: count }, (_, i) => priceText(from + i, digits));
}

/** Waits for a condition that is not asynchronous. */
export async function until(what: string, condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  await waitFor(() => Promise.resolve(condition()), { what, timeoutMs, intervalMs: 5 });
}

export interface Trade {
  readonly price: string;
  readonly volume: string;
  readonly time: number;
}

/** A plain WebSocket client that keeps what it is sent. */
export class Client {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  pings = 0;
  pongs = 0;
  closed: number | undefined;

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/?token=${TOKEN}`);
    this.socket.on('message', (data) => {
      if (data instanceof Buffer) this.texts.push(data.toString('utf8'));
    });
    this.socket.on('ping', () => (this.pings += 1));
    this.socket.on('pong', () => (this.pongs += 1));
    this.socket.on('close', (code) => (this.closed = code));
    this.socket.on('error', () => undefined);
  }

  async opened(): Promise<this> {
    await until('the connection', () => this.socket.readyState === WebSocket.OPEN);
    return this;
  }

  ask(type: 'subscribe' | 'unsubscribe', symbol = SYMBOL): void {
    this.socket.send(JSON.stringify({ type, symbol }));
  }

  /** Taken from the text, as a reader does that must not lose digits. */
  get trades(): Trade[] {
    const pattern = /"p":([^,]+),"s":"[^"]*","t":(\d+),"v":([^}]+)\}/g;
    return this.texts.flatMap((text) =>
      [...text.matchAll(pattern)].map(([, price = '', time, volume = '']) => ({ price, volume, time: Number(time) })),
    );
  }

  get prices(): string[] {
    return this.trades.map((trade) => trade.price);
  }

  async got(count: number): Promise<void> {
    await until(`${count} trades, ${this.trades.length} have come`, () => this.trades.length >= count, 30_000);
  }
}

/** The command, run in this process. */
export class Replay {
  readonly #stop = new AbortController();
  readonly #outcome: Promise<Json>;
  #failed: unknown;
  readonly lines: string[] = [];
  readonly clients: Client[] = [];
  port = 0;

  constructor(options: Readonly<Record<string, unknown>>) {
    const log = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      this.lines.push(JSON.stringify({ message, ...fields }));
      if (typeof fields['port'] === 'number') this.port = fields['port'];
    };
    const context = {
      env: { RATEHOUSE_FEED_TOKEN: TOKEN },
      log: { info: log, warn: log, error: log },
      signal: this.#stop.signal,
      root: '.',
    };
    this.#outcome = replayFeed.run(options, context).then(({ result }) => result);
    this.#outcome.catch((error: unknown) => (this.#failed = error));
  }

  async listening(): Promise<this> {
    await until('the replay to listen', () => {
      if (this.#failed !== undefined) throw new Error('The replay has failed.', { cause: this.#failed });
      return this.port > 0;
    });
    return this;
  }

  async client(): Promise<Client> {
    const client = new Client(this.port);
    this.clients.push(client);
    return client.opened();
  }

  async subscriber(): Promise<Client> {
    const client = await this.client();
    client.ask('subscribe');
    return client;
  }

  async health(): Promise<Record<string, Json>> {
    const response = await fetch(`http://127.0.0.1:${this.port}/health`);
    return (await response.json()) as Record<string, Json>;
  }

  async fault(fault: unknown, token = TOKEN): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` };
    const body = typeof fault === 'string' ? fault : JSON.stringify(fault);
    return fetch(`http://127.0.0.1:${this.port}/faults`, { method: 'POST', headers, body });
  }

  async stop(): Promise<Json> {
    this.#stop.abort(new Error('The test is over.'));
    const result = await this.#outcome;
    for (const client of this.clients) client.socket.terminate();
    return result;
  }
}
