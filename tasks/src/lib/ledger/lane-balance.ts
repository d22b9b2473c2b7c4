import type { Coverage } from './coverage.ts';
import { candleProblem, type Broken, type Minute } from './minute-book.ts';

export interface LaneBalance {
  readonly broken: readonly Broken[];
  readonly batch: { readonly trades: number; readonly candles: number };
  readonly gold: { readonly trades: number; readonly candles: number };
  readonly unfinishedMinutes: number;
  readonly tradesInUnfinishedMinutes: number;
  /** History's trades in these minutes, and the stream's own that they stand in for. */
  readonly counted: number;
  readonly replaced: number;
}

/**
 * For each minute that a finished run answers for: trades in bronze, history's where it is covered, = in the batch candle = in gold. The others are open,
 * whatever their candles hold: a run that is at work on them checks them itself.
 */
export function laneProblems(
  symbols: ReadonlyMap<string, ReadonlyMap<number, Minute>>,
  finished: (symbol: string, start: number) => boolean,
  coverage: Coverage,
): LaneBalance {
  const broken: Broken[] = [];
  const sums = { batch_candles: { trades: 0, candles: 0 }, gold: { trades: 0, candles: 0 } };
  let unfinishedMinutes = 0;
  let tradesInUnfinishedMinutes = 0;
  let [counted, replaced] = [0, 0];
  for (const [symbol, minutes] of symbols) {
    for (const [start, minute] of minutes) {
      const { bronze } = minute;
      const cover = coverage.of(symbol, start);
      if (minute.touched || cover?.touched === true || !finished(symbol, start)) {
        if (bronze > 0) unfinishedMinutes++;
        tradesInUnfinishedMinutes += bronze;
        continue;
      }
      const trades = cover?.trades ?? bronze;
      if (cover !== undefined) {
        counted += cover.trades;
        replaced += bronze;
      }
      for (const stage of ['batch_candles', 'gold'] as const) {
        const candle = minute[stage];
        sums[stage].trades += candle?.trades ?? 0;
        sums[stage].candles += candle?.count ?? 0;
        // A minute with no trade has no candle, not one of none.
        const right =
          candle === undefined ? trades === 0 : candle.count === 1 && candle.trades === trades && trades > 0;
        if (!right)
          broken.push({
            stage,
            symbol,
            start,
            problem: () =>
              candleProblem(stage, symbol, start, minute, trades, cover === undefined ? 'bronze' : 'history'),
          });
      }
    }
  }
  const { batch_candles: batch, gold } = sums;
  return { broken, batch, gold, unfinishedMinutes, tradesInUnfinishedMinutes, counted, replaced };
}
