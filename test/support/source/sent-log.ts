/** One thing that a venue's server sent, and what the source has to make of it. */
export interface SentItem {
  /** Unique in the log; a trade carries it as its volume. */
  readonly number: number;
  readonly kind: 'trade' | 'refused-trade' | 'refused-frame';
  /** Null for a frame that cannot be read: it belongs to no symbol. */
  readonly symbol: string | null;
  /** Decimal text with eight digits after the point, of a trade. */
  readonly price: string | null;
  /** What has to stand in trades-dlq, of what is refused. */
  readonly payload: string | null;
  /** The server's connection, from 1. */
  readonly connection: number;
  /** When it was handed to the socket, epoch ms; the source's clock is the same machine's. */
  readonly at: number;
}

/** A trade as the venue knows it; which connections get it is another matter. */
export interface VenueTrade {
  readonly number: number;
  readonly symbol: string;
  readonly price: string;
  /** The venue's own number of it within its symbol. */
  readonly id: number;
  readonly time: number;
}

/** Everything that the servers of one feed sent, in order. Numbers grow over all of them. */
export class SentLog {
  readonly items: SentItem[] = [];
  private last = 0;
  private connections = 0;
  private readonly ids = new Map<string, number>();

  nextNumber(): number {
    this.last += 1;
    return this.last;
  }

  nextConnection(): number {
    this.connections += 1;
    return this.connections;
  }

  newTrade(symbol: string): VenueTrade {
    const number = this.nextNumber();
    return { number, symbol, price: priceOf(number), id: this.skipIds(symbol, 1), time: Date.now() };
  }

  /** Passes over so many of a symbol's ids, as trades would that nobody is sent; returns the last of them. */
  skipIds(symbol: string, count: number): number {
    const id = (this.ids.get(symbol) ?? 0) + count;
    this.ids.set(symbol, id);
    return id;
  }

  add(item: SentItem): void {
    this.items.push(item);
  }
}

/** Differs from trade to trade and has all the digits that the contract allows, so that a rounded one is seen. */
export function priceOf(number: number): string {
  return `${1 + (number % 9973)}.${String((number * 7919) % 100_000_000).padStart(8, '0')}`;
}
