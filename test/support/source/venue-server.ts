import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { finnhub, type VenueProtocol } from './protocols.ts';
import { SentLog } from './sent-log.ts';
import { VenueConnection } from './venue-connection.ts';

/** What a handshake is answered with. */
export type Answer =
  'accept' | 'reset' | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface VenueOptions {
  readonly port: number;
  /** With it the server speaks TLS: a PKCS #12 store and its password. */
  readonly tls?: { readonly pfx: Buffer; readonly passphrase: string };
  readonly log?: SentLog;
  /** Finnhub's unless another is given. */
  readonly protocol?: VenueProtocol;
}

export interface Attempt {
  readonly at: number;
  readonly token: string | null;
}

/** A venue that does what a scenario asks for, on a port that can be closed and opened again. */
export class VenueServer {
  readonly log: SentLog;
  readonly attempts: Attempt[] = [];
  readonly connections: VenueConnection[] = [];
  /** Symbols in the order in which they were subscribed to, on whatever connection. */
  readonly subscriptions: string[] = [];
  /** Decides about each handshake, counted from 1. */
  answer: (attempt: number) => Answer = () => 'accept';
  /** Called at each subscription that comes in; its default takes it. False: it is not taken. */
  onSubscribe: (connection: VenueConnection, symbol: string) => boolean = () => true;
  /** Called when a connection has been opened, before anything was read from it. */
  onOpen: (connection: VenueConnection) => void = () => undefined;
  private readonly protocol: VenueProtocol;
  private readonly handshakes = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(private readonly options: VenueOptions) {
    this.log = options.log ?? new SentLog();
    this.protocol = options.protocol ?? finnhub;
  }

  get url(): string {
    // By name where the certificate is checked: an address alone is no server name.
    return this.options.tls === undefined
      ? `ws://127.0.0.1:${this.options.port}`
      : `wss://localhost:${this.options.port}`;
  }

  /** The newest connection that is open and has its subscriptions. */
  get live(): VenueConnection | undefined {
    return this.connections.findLast((connection) => connection.isOpen && connection.symbols.length > 0);
  }

  /** Sends new trades of these symbols to every connection that has subscribed to them. */
  toAll(symbols: readonly string[], count: number): void {
    for (let i = 0; i < count; i += 1) {
      const trade = this.log.newTrade(symbols[i % symbols.length] ?? '');
      for (const connection of this.connections)
        if (connection.isOpen && connection.symbols.includes(trade.symbol)) connection.put([trade]);
    }
  }

  async listen(): Promise<void> {
    const { tls, port } = this.options;
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    server.on('upgrade', (request: IncomingMessage, _: Duplex, head: Buffer) => {
      this.handshake(request, request.socket, head);
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
  }

  /** Closes the port and everything on it, as a machine does that goes away. */
  async shut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  private handshake(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://venue');
    this.attempts.push({ at: Date.now(), token: searchParams.get('token') });
    const answer = this.answer(this.attempts.length);
    if (answer === 'reset') socket.resetAndDestroy();
    else if (answer !== 'accept') {
      const headers = Object.entries({ 'Content-Length': '0', Connection: 'close', ...answer.headers });
      socket.end(
        `HTTP/1.1 ${answer.status} Refused\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      );
    } else {
      this.handshakes.handleUpgrade(request, socket, head, (peer) => {
        this.opened(socket, peer);
      });
    }
  }

  private opened(socket: Socket, peer: WebSocket): void {
    const connection = new VenueConnection(this.log.nextConnection(), this.log, this.protocol, socket, peer);
    this.connections.push(connection);
    this.onOpen(connection);
    peer.on('message', (data: Buffer) => {
      const { subscribe, unsubscribe, answer } = this.protocol.read(data.toString('utf8'));
      const { symbols } = connection;
      for (const symbol of unsubscribe) symbols.splice(0, symbols.length, ...symbols.filter((each) => each !== symbol));
      for (const symbol of subscribe) {
        this.subscriptions.push(symbol);
        if (this.onSubscribe(connection, symbol) && !symbols.includes(symbol)) symbols.push(symbol);
      }
      if (answer !== undefined) connection.say(answer);
    });
  }
}

export interface LoadOptions {
  readonly perSecond: number;
  readonly perFrame?: number;
  /** All open connections are sent the same trades, as a venue does that knows its trades by id. */
  readonly toAll?: boolean;
}

/** Sends trades at a steady rate to whichever connection is live and has so many symbols; nothing while none is. Ends with `stop`. */
export class Load {
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: VenueServer,
    symbols: readonly string[],
    { perSecond, perFrame = 10, toAll = false }: LoadOptions,
  ) {
    let last = Date.now();
    let due = 0;
    this.timer = setInterval(() => {
      const now = Date.now();
      // After a pause of the test's own process it does not make up for more than a second.
      due += (Math.min(1000, now - last) * perSecond) / 1000;
      last = now;
      const count = Math.floor(due / perFrame) * perFrame;
      due -= count;
      const { live } = server;
      if (live === undefined || live.symbols.length < symbols.length || count === 0) return;
      if (toAll) server.toAll(symbols, count);
      else live.trades(count, perFrame);
    }, 10);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
