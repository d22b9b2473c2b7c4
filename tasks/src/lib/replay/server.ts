import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { RatehouseError } from '../error.ts';
import type { Log } from '../log.ts';
import { waitFor } from '../wait.ts';
import { Connection } from './connection.ts';
import type { Feed } from './feed.ts';
import { errorFrame } from './frame.ts';
import { type HttpSetup, answer, sameSecret } from './http.ts';
import type { Player } from './player.ts';
import { parseRequest } from './protocol.ts';

/** How long clients get to answer the close frame. */
const GOODBYE_MS = 2000;

/** The sockets: WebSocket and HTTP on one port of 127.0.0.1. What is sent is the player's and the feed's affair. */
export class FeedServer {
  readonly #feed: Feed;
  readonly #player: Player;
  readonly #log: Log;
  readonly #token: string;
  readonly #open = new Set<Connection>();
  readonly #http = createServer();
  readonly #ws = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: 64 * 1024,
  });
  #connected = 0;

  constructor(feed: Feed, player: Player, log: Log, setup: HttpSetup) {
    this.#feed = feed;
    this.#player = player;
    this.#log = log;
    this.#token = setup.token;
    this.#http.on('request', (request, response) => {
      answer(request, response, setup).catch(() => response.destroy());
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** The bound port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (cause) => {
        const message = `Wanted to listen on 127.0.0.1:${port}, which failed (${cause.message}). Name another --port, or 0.`;
        reject(new RatehouseError('RATEHOUSE_CONFLICT', message, { cause }));
      });
      this.#http.listen(port, '127.0.0.1', resolve);
    });
    // Listening on a TCP port: the address is no pipe's name.
    return (this.#http.address() as AddressInfo).port;
  }

  /** Says goodbye to all clients; those who do not answer in time are cut off. */
  async close(): Promise<void> {
    this.#http.close();
    for (const connection of this.#open) connection.close(1001);
    const goodbye = { what: 'the clients to close', timeoutMs: GOODBYE_MS, intervalMs: 10 };
    await waitFor(() => Promise.resolve(this.#open.size === 0), goodbye).catch(() => undefined);
    for (const connection of this.#open) connection.terminate();
    this.#http.closeAllConnections();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, query = ''] = (request.url ?? '').split('?', 2);
    const token = new URLSearchParams(query).get('token') ?? '';
    if (!(socket instanceof Socket) || !sameSecret(this.#token, token)) {
      this.#log.warn('A connection was refused: its token is missing or wrong.');
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#ws.handleUpgrade(request, socket, head, (ws) => {
      this.#accept(ws, socket);
    });
  }

  #accept(ws: WebSocket, tcp: Socket): void {
    this.#connected += 1;
    const number = this.#connected;
    const connection: Connection = new Connection(number, ws, tcp, {
      message: (text) => {
        this.#request(connection, text);
      },
      ping: (data) => {
        if (!this.#feed.silent) connection.pong(data);
      },
      drained: () => {
        this.#feed.wake.wake();
      },
      failed: (error) => {
        this.#log.warn('A connection failed.', { connection: number, reason: error.message });
      },
      closed: (code) => {
        this.#log.info('A connection has ended.', { connection: number, code });
        this.#open.delete(connection);
        this.#feed.remove(connection);
        if (connection.subscribed) this.#player.left(connection);
      },
    });
    this.#open.add(connection);
    this.#feed.add(connection);
    this.#log.info('A client has connected.', { connection: number });
  }

  #request(connection: Connection, text: string): void {
    if (!connection.open) return;
    const request = parseRequest(text);
    if (request === undefined) connection.sendText(errorFrame('Invalid message'));
    else if (request.symbol !== this.#feed.symbol) {
      if (request.type === 'subscribe') connection.sendText(errorFrame('Invalid symbol'));
    } else if (connection.subscribed !== (request.type === 'subscribe')) {
      connection.subscribed = !connection.subscribed;
      if (connection.subscribed) this.#player.joined(connection);
      else this.#player.left(connection);
      this.#log.info(`A client has ${request.type}d.`, { connection: connection.number, symbol: request.symbol });
      this.#feed.wake.wake();
    }
  }
}
