import type { Coverage } from './coverage.ts';
import { laneProblems, type LaneBalance } from './lane-balance.ts';
import type { Problem, StageName } from './report.ts';
import { coordinatesText, type Coordinates } from './sequence-set.ts';

export const MINUTE_MS = 60_000;

export interface Candles {
  /** Trade count of the candle, the last one that was read. */
  readonly trades: number;
  /** How many there are; more than one is wrong. */
  readonly count: number;
}

export type CandleStage = 'stream_candles' | 'batch_candles' | 'gold';

export interface Minute {
  /** Trades in Kafka. */
  kafka: number;
  /** Of these the ones above what bronze holds. */
  flight: number;
  /** Trades in bronze, and whether some came after the last finished run had looked. */
  bronze: number;
  touched: boolean;
  /** Of the trades in bronze those that came when the stream's windows of this minute may have been closed: no others can be late. */
  lateAtMost: number;
  stream_candles: Candles | undefined;
  batch_candles: Candles | undefined;
  gold: Candles | undefined;
  lastTrade: Coordinates | undefined;
}

export interface StreamBalance {
  readonly broken: readonly Broken[];
  readonly candles: number;
  readonly tradesInCandles: number;
  readonly late: number;
  readonly openMinutes: number;
  readonly tradesInOpenMinutes: number;
  readonly expiredMinutes: number;
  readonly tradesInExpiredMinutes: number;
}

/** A minute that does not add up; its text is made for the few that are shown. */
export interface Broken {
  readonly stage: StageName;
  readonly symbol: string;
  readonly start: number;
  readonly problem: () => Problem;
}

/** [start, end), epoch ms. */
export interface MinuteWindow {
  readonly start: number;
  readonly end: number;
}

/** Trades and candles of each symbol and minute of a window, from every stage. State: one entry for each symbol-minute. */
export class MinuteBook {
  private readonly symbols = new Map<string, Map<number, Minute>>();
  private readonly newestCandles = new Map<string, number>();
  /** When a symbol's newest trade in Kafka was written there, epoch ms. */
  private readonly newestWrites = new Map<string, number>();
  private readonly window: MinuteWindow | undefined;

  constructor(window?: MinuteWindow) {
    this.window = window;
  }

  /** @param writtenAt Kafka's timestamp of the record, epoch ms */
  trade(symbol: string, eventTime: number, at: Coordinates, inFlight: boolean, writtenAt: number): void {
    if (writtenAt > (this.newestWrites.get(symbol) ?? -Infinity)) this.newestWrites.set(symbol, writtenAt);
    // floor, not truncation: a time before 1970 belongs to the minute that began before it.
    const start = Math.floor(eventTime / MINUTE_MS) * MINUTE_MS;
    if (this.isOutside(start)) return;
    const minute = this.minute(symbol, start);
    minute.kafka++;
    if (inFlight) minute.flight++;
    minute.lastTrade = at;
  }

  bronze(symbol: string, start: number, trades: number, touched: boolean, lateAtMost: number): void {
    if (this.isOutside(start)) return;
    const minute = this.minute(symbol, start);
    minute.bronze += trades;
    minute.touched ||= touched;
    minute.lateAtMost += lateAtMost;
  }

  /** A minute that is to be looked at whatever else is known of it. */
  note(symbol: string, start: number): void {
    if (!this.isOutside(start)) this.minute(symbol, start);
  }

  candle(stage: CandleStage, symbol: string, start: number, trades: number): void {
    if (stage === 'stream_candles' && start > (this.newestCandles.get(symbol) ?? -Infinity))
      this.newestCandles.set(symbol, start);
    if (this.isOutside(start)) return;
    const minute = this.minute(symbol, start);
    minute[stage] = { trades, count: (minute[stage]?.count ?? 0) + 1 };
  }

  private isOutside(start: number): boolean {
    return this.window !== undefined && (start < this.window.start || start >= this.window.end);
  }

  private minute(symbol: string, start: number): Minute {
    let minutes = this.symbols.get(symbol);
    if (minutes === undefined) this.symbols.set(symbol, (minutes = new Map<number, Minute>()));
    let minute = minutes.get(start);
    if (minute === undefined)
      minutes.set(
        start,
        (minute = {
          kafka: 0,
          flight: 0,
          bronze: 0,
          touched: false,
          lateAtMost: 0,
          stream_candles: undefined,
          batch_candles: undefined,
          gold: undefined,
          lastTrade: undefined,
        }),
      );
    return minute;
  }

  /**
   * Compares each minute up to its symbol's newest stream candle. Per symbol, because rows of one symbol arrive in order, while of
   * two symbols one may be on its way.
   *
   * With a lake the truth is what is in bronze and on its way there, for ever, and a candle with fewer trades is one that some
   * came late for: no more than came when its window may have been closed. Without, it is Kafka: minutes before `heldFrom` are left
   * out, for retention has taken some of their trades.
   *
   * A symbol's newest two candles may be shown by the clock before they are final (flink/trade-windows.sql): what they lack is open,
   * unless the symbol has had no trade since `settledFrom`.
   */
  streamBalance(heldFrom: number, settledFrom: number, lake: boolean): StreamBalance {
    const broken: Broken[] = [];
    const sums = {
      candles: 0,
      tradesInCandles: 0,
      late: 0,
      openMinutes: 0,
      tradesInOpenMinutes: 0,
      expiredMinutes: 0,
      tradesInExpiredMinutes: 0,
    };
    for (const [symbol, minutes] of this.symbols) {
      const newest = this.newestCandles.get(symbol) ?? -Infinity;
      const settled = (this.newestWrites.get(symbol) ?? -Infinity) < settledFrom;
      for (const [start, minute] of minutes) {
        const trades = lake ? minute.bronze + minute.flight : minute.kafka;
        const candle = minute.stream_candles;
        if (!lake && start < heldFrom) {
          sums.expiredMinutes++;
          sums.tradesInExpiredMinutes += trades;
        } else if (start > newest) {
          sums.openMinutes++;
          sums.tradesInOpenMinutes += trades;
        } else {
          const held = candle?.trades ?? 0;
          const late = lake ? Math.min(Math.max(trades - held, 0), minute.lateAtMost + minute.flight) : 0;
          sums.candles += candle?.count ?? 0;
          sums.tradesInCandles += held;
          sums.late += late;
          const one = candle === undefined || candle.count === 1;
          const lacks = trades - held - late;
          if (one && lacks > 0 && !settled && start >= newest - MINUTE_MS) sums.tradesInOpenMinutes += lacks;
          else if (!one || lacks !== 0)
            broken.push({
              stage: 'stream_candles',
              symbol,
              start,
              problem: () => candleProblem('stream_candles', symbol, start, minute, trades, lake ? 'bronze' : 'Kafka'),
            });
        }
      }
    }
    return { ...sums, broken };
  }

  /** Minutes whose trades in Kafka are not those in bronze and on their way there. Before `heldFrom` Kafka holds no minute whole. */
  bronzeDifferences(heldFrom: number): readonly Broken[] {
    const broken: Broken[] = [];
    for (const [symbol, minutes] of this.symbols)
      for (const [start, minute] of minutes)
        if (start >= heldFrom && minute.kafka !== minute.bronze + minute.flight)
          broken.push({ stage: 'bronze', symbol, start, problem: () => bronzeProblem(symbol, start, minute) });
    return broken;
  }

  /** Compares batch candles and gold with bronze, history's trades where they are covered, in each minute that `finished` names. */
  laneBalance(finished: (symbol: string, start: number) => boolean, coverage: Coverage): LaneBalance {
    return laneProblems(this.symbols, finished, coverage);
  }
}

function bronzeProblem(symbol: string, start: number, { kafka, bronze, flight, lastTrade }: Minute): Problem {
  const minute = new Date(start).toISOString();
  return {
    stage: 'bronze',
    kind: 'minute_differs',
    message: `${symbol} at ${minute}: bronze holds ${bronze} trades and ${flight} are in flight, Kafka holds ${kafka}`,
    symbol,
    minute,
    expected: kafka,
    found: bronze + flight,
    ...(lastTrade === undefined ? {} : { at: [coordinatesText(lastTrade)] }),
  };
}

/** What is wrong with a minute's candle of a stage, whose trades should be `trades`, the number in `source`. */
export function candleProblem(
  stage: CandleStage,
  symbol: string,
  start: number,
  { [stage]: candle, lastTrade }: Minute,
  trades: number,
  source: string,
): Problem {
  const minute = new Date(start).toISOString();
  const where = {
    stage,
    symbol,
    minute,
    expected: trades,
    found: candle?.trades ?? 0,
    // The last to arrive: of a candle with too few trades most likely the late one.
    ...(lastTrade === undefined ? {} : { at: [coordinatesText(lastTrade)] }),
  };
  const name = `${symbol} at ${minute}`;
  const late = stage === 'stream_candles' && source === 'Kafka' ? '; a late trade misses its candle' : '';
  if (candle === undefined)
    return {
      ...where,
      kind: 'candle_missing',
      message: `${name}: no candle, but ${trades} trades in ${source}${stage === 'stream_candles' ? ' and a newer candle' : ''}`,
    };
  if (candle.count > 1)
    return { ...where, kind: 'candle_doubled', message: `${name}: ${candle.count} candles, wanted one` };
  return candle.trades < trades
    ? {
        ...where,
        kind: 'candle_below',
        message: `${name}: the candle holds ${candle.trades} trades, ${source} ${trades}${late}`,
      }
    : {
        ...where,
        kind: 'candle_above',
        message: `${name}: the candle holds ${candle.trades} trades, ${source} only ${trades}`,
      };
}
