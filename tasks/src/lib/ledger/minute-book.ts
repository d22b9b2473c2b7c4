import type { Problem } from './report.ts';
import { coordinatesText, type Coordinates } from './sequence-set.ts';

export const MINUTE_MS = 60_000;

interface Minute {
  /** Trades in Kafka. */
  trades: number;
  /** Trade count of the stream's candle; undefined when there is none. */
  candle: number | undefined;
  candles: number;
  lastTrade: Coordinates | undefined;
}

export interface MinuteBalance {
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly candles: number;
  readonly tradesInCandles: number;
  readonly openMinutes: number;
  readonly tradesInOpenMinutes: number;
  readonly expiredMinutes: number;
  readonly tradesInExpiredMinutes: number;
}

/** Trades and candles of each symbol and minute. State: one entry for each symbol-minute. */
export class MinuteBook {
  private readonly symbols = new Map<string, Map<number, Minute>>();

  trade(symbol: string, eventTime: number, at: Coordinates): void {
    // floor, not truncation: a time before 1970 belongs to the minute that began before it.
    const minute = this.minute(symbol, Math.floor(eventTime / MINUTE_MS) * MINUTE_MS);
    minute.trades++;
    minute.lastTrade = at;
  }

  candle(symbol: string, start: number, trades: number): void {
    const minute = this.minute(symbol, start);
    minute.candles++;
    minute.candle = trades;
  }

  private minute(symbol: string, start: number): Minute {
    let minutes = this.symbols.get(symbol);
    if (minutes === undefined) this.symbols.set(symbol, (minutes = new Map<number, Minute>()));
    let minute = minutes.get(start);
    if (minute === undefined)
      minutes.set(start, (minute = { trades: 0, candle: undefined, candles: 0, lastTrade: undefined }));
    return minute;
  }

  /**
   * Compares each minute up to its symbol's newest candle. Per symbol, because rows of one symbol arrive in order, while of
   * two symbols one may be on its way. Minutes before `heldFrom` are left out: retention has taken some of their trades.
   */
  balance(heldFrom: number, shown: number): MinuteBalance {
    const broken: { symbol: string; start: number; minute: Minute }[] = [];
    const sums = {
      candles: 0,
      tradesInCandles: 0,
      openMinutes: 0,
      tradesInOpenMinutes: 0,
      expiredMinutes: 0,
      tradesInExpiredMinutes: 0,
    };
    for (const [symbol, minutes] of this.symbols) {
      const newest = newestCandle(minutes);
      for (const [start, minute] of minutes) {
        if (start < heldFrom) {
          sums.expiredMinutes++;
          sums.tradesInExpiredMinutes += minute.trades;
        } else if (start > newest) {
          sums.openMinutes++;
          sums.tradesInOpenMinutes += minute.trades;
        } else {
          sums.candles += minute.candles;
          sums.tradesInCandles += minute.candle ?? 0;
          if (minute.candle !== minute.trades || minute.candles !== 1) broken.push({ symbol, start, minute });
        }
      }
    }
    broken.sort((a, b) => a.start - b.start || (a.symbol < b.symbol ? -1 : 1));
    return {
      ...sums,
      problemCount: broken.length,
      problems: broken.slice(0, shown).map(({ symbol, start, minute }) => problem(symbol, start, minute)),
    };
  }
}

function newestCandle(minutes: ReadonlyMap<number, Minute>): number {
  let newest = -Infinity;
  for (const [start, minute] of minutes) if (minute.candles > 0 && start > newest) newest = start;
  return newest;
}

function problem(symbol: string, start: number, { trades, candle, candles, lastTrade }: Minute): Problem {
  const minute = new Date(start).toISOString();
  const where = {
    stage: 'stream_candles' as const,
    symbol,
    minute,
    expected: trades,
    found: candle ?? 0,
    // The last to arrive: of a candle with too few trades most likely the late one.
    ...(lastTrade === undefined ? {} : { at: [coordinatesText(lastTrade)] }),
  };
  const name = `${symbol} at ${minute}`;
  if (candles > 1) return { ...where, kind: 'candle_doubled', message: `${name}: ${candles} candles, wanted one` };
  if (candle === undefined)
    return {
      ...where,
      kind: 'candle_missing',
      message: `${name}: no candle, but ${trades} trades in Kafka and a newer candle`,
    };
  return candle < trades
    ? {
        ...where,
        kind: 'candle_below',
        message: `${name}: the candle holds ${candle} trades, Kafka ${trades}; a late trade misses its candle`,
      }
    : { ...where, kind: 'candle_above', message: `${name}: the candle holds ${candle} trades, Kafka only ${trades}` };
}
