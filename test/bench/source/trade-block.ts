/** The feed's symbols, and a price of each: real ones, so that keys and numbers have their usual lengths. */
const PRICES = [
  ['BINANCE:BTCUSDT', '96518.47'],
  ['BINANCE:ETHUSDT', '3604.12'],
  ['OANDA:EUR_USD', '1.05342'],
  ['BINANCE:SOLUSDT', '243.91'],
] as const;
export const SYMBOLS = PRICES.map(([symbol]) => symbol);

/** Digits of a trade's number; so many trades can be told apart. */
const DIGITS = 8;
export const MOST_TRADES = 10 ** DIGITS;
const TIME_DIGITS = 13;

/** The volume that carries a trade's number: 1 and the number in its decimals. It is exact or it is another trade. */
export function numberOf(volume: string): number {
  const [whole, decimals = ''] = volume.split('.');
  return whole === '1' && decimals.length === DIGITS ? Number(decimals) : NaN;
}

/**
 * WebSocket frames with trades in Finnhub's form, made once. Numbers and times are written into them in place before they are
 * sent again: a feed that had to build its frames would be measured, not the reader of them.
 */
export class TradeBlock {
  readonly frames: number;
  readonly tradesPerFrame: number;
  private readonly bytes: Buffer;
  /** Where each frame ends. */
  private readonly ends: readonly number[];
  /** Where each trade's number and time stand. */
  private readonly numbers: readonly number[];
  private readonly times: readonly number[];

  constructor(frames: number, tradesPerFrame: number) {
    this.frames = frames;
    this.tradesPerFrame = tradesPerFrame;
    const parts: Buffer[] = [];
    const ends: number[] = [];
    const numbers: number[] = [];
    const times: number[] = [];
    let at = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      const trades = Array.from({ length: tradesPerFrame }, (_, i) => tradeText(frame * tradesPerFrame + i));
      const payload = Buffer.from(`{"data":[${trades.join()}],"type":"trade"}`);
      const head = frameHead(payload.length);
      let from = 0;
      for (let i = 0; i < tradesPerFrame; i += 1) {
        const time = payload.indexOf('"t":', from) + 4;
        const volume = payload.indexOf('"v":1.', time) + 6;
        times.push(at + head.length + time);
        numbers.push(at + head.length + volume);
        from = volume;
      }
      parts.push(head, payload);
      at += head.length + payload.length;
      ends.push(at);
    }
    this.bytes = Buffer.concat(parts);
    this.ends = ends;
    this.numbers = numbers;
    this.times = times;
  }

  get trades(): number {
    return this.frames * this.tradesPerFrame;
  }

  /**
   * The bytes of the first `frames` frames, of trades numbered from `first` on, all of the time `now` (epoch ms). They are the
   * block's own, and change with the next call.
   */
  stamp(first: number, now: number, frames = this.frames): Buffer {
    const trades = frames * this.tradesPerFrame;
    for (let i = 0; i < trades; i += 1) {
      this.write(this.times[i] ?? 0, now, TIME_DIGITS);
      this.write(this.numbers[i] ?? 0, first + i, DIGITS);
    }
    return this.bytes.subarray(0, this.ends[frames - 1]);
  }

  private write(at: number, value: number, digits: number): void {
    let rest = value;
    for (let i = digits - 1; i >= 0; i -= 1) {
      const tens = Math.floor(rest / 10);
      this.bytes[at + i] = 48 + rest - tens * 10;
      rest = tens;
    }
  }
}

function tradeText(index: number): string {
  const [symbol, price] = PRICES[index % PRICES.length] ?? PRICES[0];
  return `{"c":null,"p":${price},"s":"${symbol}","t":${'0'.repeat(TIME_DIGITS)},"v":1.${'0'.repeat(DIGITS)}}`;
}

/** The head of a final, unmasked text frame (RFC 6455, 5.2). */
function frameHead(length: number): Buffer {
  const text = 0x81;
  if (length < 126) return Buffer.from([text, length]);
  if (length >= 1 << 16) throw new Error(`A frame of ${length} bytes is not needed here.`);
  return Buffer.from([text, 126, length >> 8, length & 0xff]);
}
