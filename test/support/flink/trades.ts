/** One trade of the generated feed, as it arrives: price and volume in units of 1e-8. */
export interface FeedTrade {
  readonly symbol: string;
  readonly time: number;
  readonly price: bigint;
  readonly volume: bigint;
  /** Its place in the order of arrival. */
  readonly sequence: number;
}

export interface FeedOptions {
  readonly symbols: number;
  /** Event time of the first minute, epoch ms. */
  readonly start: number;
  readonly minutes: number;
  /** Mean trades of a symbol in a minute. */
  readonly rate: number;
  readonly seed: number;
  /** The number of the first trade. */
  readonly firstSequence?: number;
}

/** By how much a trade may come behind its symbol's newest and still be in time for every window. */
const LATENESS_MS = 5000;

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Trades in the order of their arrival. One in twenty comes out of order, within the lateness; one in a hundred later than that. Each
 * symbol has bursts of twenty trades in a second, and every tenth symbol is silent for minutes at a time.
 */
export function generateFeed(options: FeedOptions): FeedTrade[] {
  const { symbols, start, minutes, rate, seed, firstSequence = 1 } = options;
  const next = random(seed);
  const arrivals: { arrives: number; trade: Omit<FeedTrade, 'sequence'> }[] = [];
  for (let s = 0; s < symbols; s += 1) {
    const symbol = `TEST:S${String(s).padStart(3, '0')}`;
    let price = BigInt(Math.floor(1e8 + next() * 1e13));
    for (let at = start; at < start + minutes * 60_000;) {
      const quiet = s % 10 === 9 && next() < 0.1;
      at += quiet ? Math.floor(60_000 + next() * 180_000) : Math.floor((next() * 2 * 60_000) / rate);
      const burst = next() < 0.01 ? 20 : 1;
      for (let i = 0; i < burst && at < start + minutes * 60_000; i += 1) {
        at += burst > 1 ? Math.floor(next() * 50) : 0;
        price += BigInt(Math.floor((next() - 0.5) * 1e7));
        const kind = next();
        // Behind its time by up to almost the lateness, or by up to a minute more.
        const behind = kind < 0.05 ? next() * (LATENESS_MS - 100) : kind < 0.06 ? LATENESS_MS + next() * 60_000 : 0;
        const volume = BigInt(Math.floor(next() * 1e11));
        arrivals.push({ arrives: at, trade: { symbol, time: Math.floor(at - behind), price, volume } });
      }
    }
  }
  arrivals.sort((a, b) => a.arrives - b.arrives);
  return arrivals.map(({ trade }, index) => ({ ...trade, sequence: firstSequence + index }));
}
