import { MINUTE, minuteOf, type Candle } from './history.ts';
import { damagedLake, namesMinute, newestCandle, remove, stage, type Whole } from './streams.ts';

describe("LedgerBook with a lake, over any stream's candles of three kinds", function () {
  this.timeout(20_000);

  for (const list of ['batch', 'gold'] as const) {
    it(`names any candle of ${list} that is taken away, doubled or altered`, () => {
      damagedLake(
        (h) => h.lake[list],
        (h, c, seed) => {
          const candles = h.lake[list];
          if (seed % 4 === 0) remove(candles, c);
          else if (seed % 4 === 1) candles.push({ ...c });
          else candles[candles.indexOf(c)] = { ...c, trades: c.trades + (seed % 4 === 2 ? 1 : -1) };
          return (report) => namesMinute(report, c.symbol, c.minute);
        },
      );
    });
  }

  it('names any stream candle that is too large', () => {
    damagedLake(
      (h) => h.candles,
      (h, c) => {
        h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades + 1 };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });

  /** Trades of a minute that came when a later minute of their symbol had begun: they may be late. */
  const behind = (h: Whole, c: Candle): number => {
    const closed = h.trades.findIndex((t) => t.symbol === c.symbol && t.event_time >= c.minute + MINUTE);
    return h.trades.filter(
      (t, i) => closed !== -1 && i > closed && t.symbol === c.symbol && minuteOf(t.event_time) === c.minute,
    ).length;
  };

  it('counts what a stream candle is too small by as late, when as many came late', () => {
    damagedLake(
      (h) => h.candles.filter((c) => c.trades > 1 && behind(h, c) > 0),
      (h, c) => {
        h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades - 1 };
        return (report) => report.balanced && stage(report, 'stream_candles').late === 1;
      },
    );
  });

  it('names any stream candle that holds fewer trades than can have been late, and one that is taken away', () => {
    damagedLake(
      // Not a symbol's newest: without it the minute would be open.
      (h) => h.candles.filter((c) => behind(h, c) < c.trades && c.minute < newestCandle(h, c.symbol)),
      (h, c, seed) => {
        const at = h.candles.indexOf(c);
        if (seed % 2 === 0) h.candles.splice(at, 1);
        else h.candles[at] = { ...c, trades: c.trades - behind(h, c) - 1 };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });
});
