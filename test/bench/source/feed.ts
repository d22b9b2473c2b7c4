import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { FeedNews, FeedOrder } from './feed-messages.ts';

export interface Sent {
  /** The numbers of the trades sent: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
}

/** The feed's process. Each trade it ever sends has a number of its own. */
export class Feed {
  private readonly child: ChildProcess;
  private readonly signal: AbortSignal;
  private port: number | undefined;
  private subscribed = false;
  private ended: string | undefined;
  private stopped: number | undefined;
  private next = 0;

  private constructor(signal: AbortSignal) {
    this.signal = signal;
    this.child = fork(join(import.meta.dirname, 'feed-server.ts'), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (news) => {
      this.hear(news as FeedNews);
    });
    this.child.on('exit', (code) => {
      this.ended = `The feed's process ended with code ${code ?? 'none'}.`;
    });
  }

  static async start(signal: AbortSignal): Promise<Feed> {
    const feed = new Feed(signal);
    await feed.until(() => feed.port !== undefined, 'the feed to listen');
    return feed;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port ?? 0}`;
  }

  /** Waits until a reader has subscribed to everything. */
  async reader(timeoutMs = 60_000): Promise<void> {
    await this.until(() => this.subscribed, 'a subscription to every symbol', timeoutMs);
  }

  async noReader(): Promise<void> {
    await this.until(() => !this.subscribed, 'the reader to go');
  }

  /** @param perSecond trades; 0 for as many as the reader takes */
  send(tradesPerFrame: number, perSecond: number): void {
    this.stopped = undefined;
    this.tell({ order: 'send', first: this.next, tradesPerFrame, perSecond });
  }

  /** Ends the sending; every trade told is in the socket. */
  async stop(): Promise<Sent> {
    this.tell({ order: 'stop' });
    await this.until(() => this.stopped !== undefined, 'the feed to stop', 120_000);
    const from = this.next;
    this.next += this.stopped ?? 0;
    return { from, to: this.next };
  }

  close(): void {
    this.child.kill('SIGTERM');
  }

  private tell(order: FeedOrder): void {
    this.child.send(order);
  }

  private hear(news: FeedNews): void {
    if (news.news === 'listening') this.port = news.port;
    else if (news.news === 'stopped') this.stopped = news.sent;
    else this.subscribed = news.news === 'subscribed';
  }

  private async until(met: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
    await waitFor(() => Promise.resolve(met()), {
      what,
      timeoutMs,
      intervalMs: 20,
      signal: this.signal,
      check: () => {
        if (this.ended !== undefined) throw new RatehouseError('RATEHOUSE_REFUSED', this.ended);
      },
    });
  }
}
