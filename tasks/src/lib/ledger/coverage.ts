import { MINUTE_MS, union, type MinuteStretch } from '../plan/stretches.ts';

/** What history gave for whole minutes of a symbol, as lake.bronze.coverage has it: [from, to), epoch ms. */
export interface CoverageEvent {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly trades: number;
  readonly fetch: string;
  /** Set: history has nothing to give, and these minutes are not covered. */
  readonly unavailable: string | null;
  readonly partition: number;
  readonly offset: number;
}

/** What covers a minute. */
export interface Cover {
  readonly fetch: string;
  /** Trades of the fetch in this minute. */
  readonly trades: number;
  /** No finished run had seen the event. */
  readonly touched: boolean;
}

export type GapState = 'open' | 'filled' | 'lost';

/**
 * Which minutes are covered, and by which fetch: of two events for one minute the later in the topic counts. An event counts once all
 * trades of its fetch are in the lake; Spark goes by the same rule. A symbol's events are in one partition, so offsets order them.
 *
 * Making it: O(events of a symbol, squared). Lookup: O(log events of the symbol). State: the events, and a number for each minute with
 * trades of a fetch.
 */
export class Coverage {
  private readonly bySymbol = new Map<string, Segments>();
  private readonly counts: ReadonlyMap<string, number>;
  private readonly seen: Readonly<Record<string, number>>;
  private readonly covered: readonly MinuteStretch[];
  private readonly known: readonly MinuteStretch[];

  /**
   * @param events those that count, in any order
   * @param counts trades by `minuteKey`
   * @param seen what the last finished run had seen: the last offset of each partition
   */
  constructor(
    events: readonly CoverageEvent[],
    counts: ReadonlyMap<string, number>,
    seen: Readonly<Record<string, number>>,
  ) {
    this.counts = counts;
    this.seen = seen;
    const available = events.filter((event) => event.unavailable === null);
    for (const symbol of new Set(available.map((event) => event.symbol)))
      this.bySymbol.set(symbol, new Segments(available.filter((event) => event.symbol === symbol)));
    const stretch = ({ symbol, from, to }: CoverageEvent): MinuteStretch => ({ symbol, start: from, end: to });
    this.covered = union(available.map(stretch));
    this.known = union(events.map(stretch));
  }

  /** Undefined where the stream's trades are what counts. */
  of(symbol: string, minute: number): Cover | undefined {
    const event = this.bySymbol.get(symbol)?.at(minute);
    if (event === undefined) return undefined;
    return {
      fetch: event.fetch,
      trades: this.counts.get(minuteKey(event.fetch, symbol, minute)) ?? 0,
      touched: event.offset > (this.seen[String(event.partition)] ?? -1),
    };
  }

  get minutes(): number {
    return this.covered.reduce((sum, { start, end }) => sum + (end - start) / MINUTE_MS, 0);
  }

  /**
   * A gap is filled when each minute that it touches, of each of its symbols, is covered; lost when history has answered for all of
   * them, and could not give some; else it is open. One that names no symbol stays open.
   */
  gapState(symbols: readonly string[], from: number, to: number): GapState {
    const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
    const end = Math.max(Math.ceil(to / MINUTE_MS) * MINUTE_MS, start + MINUTE_MS);
    const within = (stretches: readonly MinuteStretch[]): boolean =>
      symbols.length > 0 &&
      symbols.every((symbol) => stretches.some((s) => s.symbol === symbol && s.start <= start && end <= s.end));
    if (within(this.covered)) return 'filled';
    return within(this.known) ? 'lost' : 'open';
  }
}

/** Which event of one symbol counts when: time cut at all their ends, and the latest event of each piece. */
class Segments {
  private readonly starts: readonly number[];
  private readonly latest: (CoverageEvent | undefined)[];

  constructor(events: readonly CoverageEvent[]) {
    this.starts = [...new Set(events.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
    this.latest = this.starts.map(() => undefined);
    for (const event of events.toSorted((a, b) => a.offset - b.offset))
      this.latest.fill(event, this.starts.indexOf(event.from), this.starts.indexOf(event.to));
  }

  at(time: number): CoverageEvent | undefined {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? Infinity) <= time) low = middle + 1;
      else high = middle;
    }
    return this.latest[low - 1];
  }
}

export const minuteKey = (fetch: string, symbol: string, minute: number): string => `${fetch} ${minute} ${symbol}`;

export const NOTHING_COVERED = new Coverage([], new Map(), {});
