import { MINUTE, minuteOf } from './history.ts';
import { damaged, namesMinute, newestCandle, remove, tradesInCandles } from './streams.ts';

describe("LedgerBook, over any stream's candles", () => {
  it('names the minute of any trade in a candle that is taken away, doubled, or altered in symbol or minute', () => {
    damaged(tradesInCandles, (h, t, seed) => {
      const index = h.trades.indexOf(t);
      if (seed % 4 === 0) h.trades.splice(index, 1);
      else if (seed % 4 === 1) h.trades.push({ ...t });
      else if (seed % 4 === 2) h.trades[index] = { ...t, symbol: t.symbol === 'EUR' ? 'GBP' : 'EUR' };
      else h.trades[index] = { ...t, event_time: t.event_time + MINUTE };
      return (report) => namesMinute(report, t.symbol, minuteOf(t.event_time));
    });
  });

  it('names any candle that is doubled or altered', () => {
    damaged(
      (h) => h.candles,
      (h, c, seed) => {
        if (seed % 3 === 0) h.candles.push({ ...c });
        else h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades + (seed % 3 === 1 ? 1 : -1) };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });

  it('names any candle that is taken away, but the newest of its symbol, whose minute is open then', () => {
    damaged(
      (h) => h.candles,
      (h, c) => {
        const newest = c.minute === newestCandle(h, c.symbol);
        remove(h.candles, c);
        const open = h.trades.filter(
          (t) => t.symbol === c.symbol && minuteOf(t.event_time) > newestCandle(h, c.symbol),
        ).length;
        return (report) =>
          newest ? report.open.trades_in_open_minutes >= open : namesMinute(report, c.symbol, c.minute);
      },
    );
  });
});
