import { Coverage, minuteKey, type CoverageEvent } from './coverage.ts';
import type { Problem, ProblemKind } from './report.ts';
import {
  SequenceSet,
  around,
  coordinatesText,
  missing,
  rangeSize,
  rangeText,
  shared,
  type Coordinates,
  type Run,
} from './sequence-set.ts';

/** Trades of a fetch in lake.bronze.trades_history. */
export interface HistoryRun extends Run {
  readonly symbol: string;
  readonly fetch_id: string;
  /** 1 for what is there at all; what is there twice is there as copy 2 too, and so on. */
  readonly copy: number;
  /** The greatest of its offsets. */
  readonly highest: number;
}

export interface HistoryIdentity {
  readonly symbol: string;
  readonly fetch_id: string;
  readonly sequence: number;
}

interface Fetch {
  readonly id: string;
  readonly symbol: string;
  readonly bronze: SequenceSet;
  readonly flight: SequenceSet;
  readonly doubled: HistoryRun[];
  readonly minutes: Map<number, number>;
}

const COVERAGE = 'coverage';

/**
 * The trades of history, fetch by fetch: the sequences of each in bronze and in flight are 1 to the count of its coverage event, each
 * once, in its minutes. A fetch without an event goes on, or was given up: its trades count nowhere.
 *
 * State: a few numbers for each run of a fetch's sequences, the events, and a number for each minute with trades of a fetch.
 */
export class HistoryBook {
  private readonly fetches = new Map<string, Fetch>();
  private readonly events: CoverageEvent[] = [];
  private readonly eventsInFlight: CoverageEvent[] = [];
  private readonly records = new Set<string>();
  private readonly covered = new Set<string>();
  private readonly early: Problem[] = [];
  private readonly heights = new Map<string, number>();
  private tradesInBronze = 0;
  private tradesInFlight = 0;

  run(run: HistoryRun): void {
    const fetch = this.fetch(run);
    this.tradesInBronze += run.to - run.from + 1;
    if (run.copy === 1) fetch.bronze.addRun(run);
    if (run.copy === 2) fetch.doubled.push(run);
    this.raise({ ...run.last, offset: run.highest });
  }

  minute(fetch_id: string, symbol: string, minute: number, trades: number): void {
    this.fetch({ fetch_id, symbol }).minutes.set(minute, trades);
  }

  /** An event in the lake. */
  event(event: CoverageEvent): void {
    const at = { topic: COVERAGE, partition: event.partition, offset: event.offset };
    const record = coordinatesText(at);
    if (this.records.has(record) || this.covered.has(event.fetch)) {
      const what = this.records.has(record) ? 'is there more than once' : 'is the second one of its fetch';
      this.early.push(this.problem('doubled', event, `its coverage ${what}`, { at: [record] }));
    }
    this.records.add(record);
    this.covered.add(event.fetch);
    this.raise(at);
    this.events.push(event);
  }

  /** Where what is in flight begins: after the highest offset of the partition that the lake holds. */
  flightFrom(topic: string, partition: number): number {
    return (this.heights.get(`${topic}-${partition}`) ?? -1) + 1;
  }

  /** A trade read from Kafka, above what the lake holds. */
  tradeInFlight(trade: HistoryIdentity, at: Coordinates): void {
    this.tradesInFlight++;
    const fetch = this.fetch(trade);
    if (!fetch.flight.add(trade.sequence, at))
      this.early.push(
        this.problem('doubled', of(fetch), `sequence ${trade.sequence} is in flight more than once`, {
          at: [coordinatesText(at)],
        }),
      );
  }

  eventInFlight(event: CoverageEvent): void {
    this.eventsInFlight.push(event);
  }

  /** What the minutes are compared with. An event counts when the lake has all trades of its fetch. */
  coverage(seen: Readonly<Record<string, number>>): Coverage {
    const counts = new Map<string, number>();
    for (const { id, symbol, minutes } of this.fetches.values())
      for (const [minute, trades] of minutes) counts.set(minuteKey(id, symbol, minute), trades);
    return new Coverage(
      this.events.filter((event) => this.isWhole(event)),
      counts,
      seen,
    );
  }

  /** Minutes that have trades of some fetch. */
  *minutes(): Generator<readonly [symbol: string, minute: number]> {
    for (const { symbol, minutes } of this.fetches.values())
      for (const minute of minutes.keys()) yield [symbol, minute];
  }

  get isEmpty(): boolean {
    return this.fetches.size === 0 && this.events.length === 0 && this.eventsInFlight.length === 0;
  }

  get sums(): {
    readonly trades: number;
    readonly in_flight: number;
    readonly uncovered: number;
    readonly incomplete: number;
  } {
    const known = new Set([...this.events, ...this.eventsInFlight].map((event) => event.fetch));
    let uncovered = 0;
    for (const { id, bronze, flight } of this.fetches.values())
      if (!known.has(id)) uncovered += bronze.size + flight.size;
    return {
      trades: this.tradesInBronze,
      in_flight: this.tradesInFlight,
      uncovered,
      incomplete: this.eventsInFlight.length + this.events.filter((event) => !this.isWhole(event)).length,
    };
  }

  problems(): readonly Problem[] {
    const problems = [...this.early];
    for (const fetch of this.fetches.values())
      for (const run of fetch.doubled)
        problems.push(
          this.problem('doubled', of(fetch), `sequence ${rangeText(run)} is there more than once`, {
            from: run.from,
            to: run.to,
            at: [coordinatesText(run.first), ...(run.from === run.to ? [] : [coordinatesText(run.last)])],
          }),
        );
    for (const event of [...this.events, ...this.eventsInFlight]) problems.push(...this.fetchProblems(event));
    return problems;
  }

  private fetchProblems(event: CoverageEvent): readonly Problem[] {
    const problems: Problem[] = [];
    const fetch = this.fetches.get(event.fetch);
    const [bronze, flight] = [fetch?.bronze ?? new SequenceSet(), fetch?.flight ?? new SequenceSet()];
    for (const range of missing(1, event.trades, bronze, flight)) {
      const count = rangeSize([range]);
      problems.push(
        this.problem(
          'missing',
          event,
          `${count === 1 ? 'sequence' : `${count} sequences,`} ${rangeText(range)} of ${event.trades}: neither in bronze nor in flight`,
          { ...around(bronze, range), expected: event.trades, found: bronze.size + flight.size },
        ),
      );
    }
    for (const set of [bronze, flight])
      for (const range of set.above(event.trades))
        problems.push(
          this.problem(
            'after_close',
            event,
            `sequence ${rangeText(range)} is there, above the ${event.trades} trades that its coverage counts`,
            around(set, range),
          ),
        );
    for (const range of shared(flight, bronze))
      problems.push(
        this.problem('doubled', event, `${rangeText(range)} is there, and in Kafka once more`, around(flight, range)),
      );
    if (fetch !== undefined && fetch.symbol !== event.symbol)
      problems.push(
        this.problem('minute_differs', event, `its trades are of ${fetch.symbol}, its coverage of ${event.symbol}`, {}),
      );
    const [outside] = [...(fetch?.minutes ?? [])]
      .filter(([minute]) => minute < event.from || minute >= event.to)
      .sort(([a], [b]) => a - b);
    if (outside !== undefined) {
      const minute = new Date(outside[0]).toISOString();
      problems.push(
        this.problem('minute_differs', event, `has ${outside[1]} trades at ${minute}, which it does not cover`, {
          minute,
          expected: 0,
          found: outside[1],
        }),
      );
    }
    return problems;
  }

  private isWhole(event: CoverageEvent): boolean {
    const bronze = this.fetches.get(event.fetch)?.bronze ?? new SequenceSet();
    return missing(1, event.trades, bronze).length === 0;
  }

  private fetch({ fetch_id, symbol }: Omit<HistoryIdentity, 'sequence'>): Fetch {
    let fetch = this.fetches.get(fetch_id);
    if (fetch === undefined)
      this.fetches.set(
        fetch_id,
        (fetch = {
          id: fetch_id,
          symbol,
          bronze: new SequenceSet(),
          flight: new SequenceSet(),
          doubled: [],
          minutes: new Map(),
        }),
      );
    return fetch;
  }

  private raise({ topic, partition, offset }: Coordinates): void {
    const key = `${topic}-${partition}`;
    if (offset > (this.heights.get(key) ?? -1)) this.heights.set(key, offset);
  }

  private problem(
    kind: ProblemKind,
    { symbol, fetch }: Pick<CoverageEvent, 'symbol' | 'fetch'>,
    what: string,
    where: Partial<Problem>,
  ): Problem {
    return { stage: 'history', kind, message: `${symbol}, fetch ${fetch}: ${what}`, symbol, fetch_id: fetch, ...where };
  }
}

const of = ({ id, symbol }: Fetch): Pick<CoverageEvent, 'symbol' | 'fetch'> => ({ fetch: id, symbol });
