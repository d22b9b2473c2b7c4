import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { FeedNews, FeedOrder } from './feed-messages.ts';
import { MOST_TRADES, SYMBOLS, TradeBlock } from './trade-block.ts';

/**
 * A feed of trades in a process of its own, told by its parent what to send. The handshake, pings and the good-bye are ws's;
 * trades are written to the socket as ready frames.
 */
const BLOCK_TRADES = 640;
const TICK_MS = 1;
/** More than this unwritten means that the reader has stopped, not that it is slow for a moment. */
const MOST_UNWRITTEN = 64 * 1024 * 1024;

let socket: Socket | undefined;
let sending: { stopped: boolean; done: Promise<number> } | undefined;

const tell = (news: FeedNews): void => void process.send?.(news);

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, raw: Socket, head) => {
  webSockets.handleUpgrade(request, raw, head, (client) => {
    const asked = new Set<string>();
    socket = raw;
    raw.setNoDelay(true);
    client.on('error', () => undefined);
    client.on('close', () => {
      if (socket === raw) socket = undefined;
      tell({ news: 'closed' });
    });
    client.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type?: string; symbol?: string };
      if (message.type !== 'subscribe' || message.symbol === undefined) return;
      asked.add(message.symbol);
      if (SYMBOLS.every((symbol) => asked.has(symbol))) tell({ news: 'subscribed' });
    });
  });
});
server.listen(0, '127.0.0.1', () => {
  tell({ news: 'listening', port: (server.address() as AddressInfo).port });
});

process.on('message', (order: FeedOrder) => {
  if (order.order === 'send') {
    const run = { stopped: false, done: Promise.resolve(0) };
    run.done = order.perSecond === 0 ? flood(run, order) : pace(run, order);
    sending = run;
    return;
  }
  if (sending === undefined) return;
  sending.stopped = true;
  void sending.done.then((sent) => {
    tell({ news: 'stopped', sent });
  });
});
process.on('disconnect', () => process.exit(0));

type Send = Extract<FeedOrder, { order: 'send' }>;

/** As fast as the reader takes it: one block is being written while the next is made ready. */
async function flood(run: { readonly stopped: boolean }, { first, tradesPerFrame }: Send): Promise<number> {
  const frames = Math.ceil(BLOCK_TRADES / tradesPerFrame);
  const blocks = [new TradeBlock(frames, tradesPerFrame), new TradeBlock(frames, tradesPerFrame)] as const;
  const free = [Promise.resolve(), Promise.resolve()];
  let sent = 0;
  for (let turn = 0; !run.stopped; turn ^= 1) {
    await free[turn];
    const block = blocks[turn === 0 ? 0 : 1];
    free[turn] = write(block.stamp(numbered(first + sent), Date.now()));
    sent += block.trades;
  }
  await Promise.all(free);
  return sent;
}

/** At a rate, by the clock: what a tick came too late for goes with the next one. */
async function pace(run: { readonly stopped: boolean }, { first, tradesPerFrame, perSecond }: Send): Promise<number> {
  const block = new TradeBlock(Math.ceil(perSecond / tradesPerFrame), tradesPerFrame);
  const began = performance.now();
  let sent = 0;
  let last = Promise.resolve();
  while (!run.stopped) {
    const due = Math.floor((((performance.now() - began) / 1000) * perSecond - sent) / tradesPerFrame);
    const frames = Math.min(due, block.frames);
    if (frames > 0 && (socket?.writableLength ?? 0) < MOST_UNWRITTEN) {
      // A copy: the socket may hold it still when the block is stamped again.
      last = write(Buffer.from(block.stamp(numbered(first + sent), Date.now(), frames)));
      sent += frames * tradesPerFrame;
    }
    await delay(TICK_MS);
  }
  await last;
  return sent;
}

function write(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket === undefined) reject(new Error('The feed has no reader any more.'));
    else
      socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
  });
}

function numbered(first: number): number {
  if (first + BLOCK_TRADES * 10 > MOST_TRADES) throw new Error('The trades have used all their numbers up.');
  return first;
}
