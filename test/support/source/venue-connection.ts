import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { VenueProtocol } from './protocols.ts';
import type { SentItem, SentLog, VenueTrade } from './sent-log.ts';
import { OPCODE, fragments, wireFrame } from './wire.ts';

/** One connection of a scripted venue, as its server sees it. What is sent is entered into the log first. */
export class VenueConnection {
  readonly symbols: string[] = [];
  /** Whether the client's pings are answered. */
  answersPings = true;
  /** Pings that came in, answered or not. */
  pings = 0;

  constructor(
    readonly number: number,
    private readonly log: SentLog,
    private readonly protocol: VenueProtocol,
    private readonly socket: Socket,
    private readonly peer: WebSocket,
  ) {
    peer.on('ping', (data) => {
      this.pings += 1;
      if (this.answersPings && this.isOpen) peer.pong(data);
    });
    // Told by what the source does next; an unheard error would end the test's process.
    peer.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return this.peer.readyState === WebSocket.OPEN;
  }

  /** Bytes that wait in this process because the peer does not read. */
  get unsent(): number {
    return this.peer.bufferedAmount;
  }

  /** Sends so many new trades, of the subscribed symbols in turn. */
  trades(count: number, perFrame = 10): void {
    for (let left = count; left > 0; left -= perFrame) this.put(this.newTrades(Math.min(perFrame, left)));
  }

  /** Sends new trades of one symbol. */
  tradesOf(symbol: string, count: number): void {
    this.put(Array.from({ length: count }, () => this.log.newTrade(symbol)));
  }

  /** Sends trades that other connections may be sent too. */
  put(trades: readonly VenueTrade[]): void {
    for (const text of this.frames(trades)) this.say(text);
  }

  /** A trade that breaks the contract, between two that do not. */
  badTrade(): void {
    const [symbol = ''] = this.symbols;
    const trades = [
      this.log.newTrade(symbol),
      { ...this.log.newTrade(symbol), price: '-1.5' },
      this.log.newTrade(symbol),
    ];
    const texts = trades.map((trade) => {
      const text = this.protocol.trade(trade);
      this.enterTrade(trade, trade.price.startsWith('-') ? text : null);
      return text;
    });
    for (const text of this.protocol.frames(texts)) this.say(text);
  }

  /** A text that is no message of this venue. `payload`: as it has to stand in trades-dlq, where that differs. */
  garbage(text: string, payload = text): void {
    this.enterFrame(payload);
    this.say(text);
  }

  binary(bytes: Buffer): void {
    this.enterFrame(bytes.toString('base64'));
    this.peer.send(bytes);
  }

  /** A frame of trades in many fragments. */
  fragmented(trades: number, parts: number): void {
    for (const text of this.frames(this.newTrades(trades))) this.socket.write(fragments(text, parts));
  }

  /** The first half of a frame of trades, and then a reset. */
  halfFrameThenReset(trades: number): void {
    const [text = ''] = this.frames(this.newTrades(trades));
    const bytes = wireFrame(OPCODE.text, Buffer.from(text));
    this.socket.write(bytes.subarray(0, bytes.length / 2), () => this.socket.resetAndDestroy());
  }

  /** A frame of trades that is larger than `bytes`. */
  oversized(bytes: number): void {
    this.put(this.newTrades(Math.ceil(bytes / 50)));
  }

  /** Any text that is not to be entered, for example the venue's complaint or its heartbeat. */
  say(text: string): void {
    this.peer.send(text);
  }

  /** Ends the connection with the closing handshake; what was sent before it is read first. */
  close(code = 1000, reason = ''): void {
    this.peer.close(code, reason);
  }

  /** Ends it without: TCP reset, and what is still on its way is lost. */
  abort(): void {
    this.socket.resetAndDestroy();
  }

  /** Reads nothing more: neither pings nor a close are heard. */
  turnDeaf(): void {
    this.socket.pause();
  }

  private newTrades(count: number): VenueTrade[] {
    return Array.from({ length: count }, (_, i) => this.log.newTrade(this.symbols[i % this.symbols.length] ?? ''));
  }

  private frames(trades: readonly VenueTrade[]): readonly string[] {
    for (const trade of trades) this.enterTrade(trade, null);
    return this.protocol.frames(trades.map((trade) => this.protocol.trade(trade)));
  }

  /** `payload`: of a trade that is to be refused. */
  private enterTrade({ number, symbol, price }: VenueTrade, payload: string | null): void {
    const kind = payload === null ? 'trade' : 'refused-trade';
    this.enter({ number, kind, symbol, price: payload === null ? price : null, payload });
  }

  private enterFrame(payload: string): void {
    this.enter({ number: this.log.nextNumber(), kind: 'refused-frame', symbol: null, price: null, payload });
  }

  private enter(item: Omit<SentItem, 'connection' | 'at'>): void {
    this.log.add({ ...item, connection: this.number, at: Date.now() });
  }
}
