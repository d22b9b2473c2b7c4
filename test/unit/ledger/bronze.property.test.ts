import { expect } from 'chai';
import fc from 'fast-check';
import { MINUTE, T0, enter, finished, minuteOf } from './history.ts';
import { countedRefused, damagedLake, lakes, namesMinute, namesSequence, remove, stage } from './streams.ts';

describe('LedgerBook with a lake, over any stream', function () {
  this.timeout(20_000);

  it('balances a correct one, and its rows add up, however far bronze has got', () => {
    fc.assert(
      fc.property(lakes, fc.nat(), fc.boolean(), (h, part, ran) => {
        h.lake.trades.splice(part % (h.trades.length + 1) || h.trades.length);
        // Only minutes that bronze holds whole may be below a horizon; here all of them or none.
        h.lake.finished = ran && h.lake.trades.length === h.trades.length ? finished(T0 + 5 * MINUTE) : undefined;
        const report = enter(h);
        expect(report.problems).to.deep.equal([]);
        const { trades: bronze, in_flight } = stage(report, 'bronze');
        const { trades: candles, late = NaN } = stage(report, 'stream_candles');
        expect(bronze + in_flight).to.equal(h.trades.length);
        expect(candles + late + report.open.trades_in_open_minutes).to.equal(h.trades.length);
        const gold = stage(report, 'gold').trades;
        expect(gold + report.open.trades_in_unfinished_minutes).to.equal(bronze);
        expect(stage(report, 'batch_candles').trades).to.equal(gold);
      }),
      { numRuns: 300 },
    );
  });

  it('names any trade that bronze lost below its highest offset, counted or not', () => {
    damagedLake(
      (h) => h.lake.trades.slice(0, -1),
      (h, row) => {
        remove(h.lake.trades, row);
        return (report) =>
          namesSequence(report, row.trade.connection_id, row.trade.sequence) ||
          // Above all that bronze holds of its connection and above the counts: then its minute gives it away.
          namesMinute(report, row.trade.symbol, minuteOf(row.trade.event_time));
      },
    );
  });

  it('names any trade that bronze holds twice, in one record or in two', () => {
    damagedLake(
      (h) => h.lake.trades,
      (h, row, seed) => {
        h.lake.trades.push({ ...row, offset: seed % 2 === 0 ? row.offset : h.trades.length });
        return (report) => namesSequence(report, row.trade.connection_id, row.trade.sequence);
      },
    );
  });

  it('names the minute of any trade that is altered in symbol or minute on its way to bronze', () => {
    damagedLake(
      (h) => h.lake.trades,
      (h, row, seed) => {
        const { symbol, event_time } = row.trade;
        const altered =
          seed % 2 === 0 ? { symbol: symbol === 'EUR' ? 'GBP' : 'EUR' } : { event_time: event_time + MINUTE };
        h.lake.trades[h.lake.trades.indexOf(row)] = { ...row, trade: { ...row.trade, ...altered } };
        return (report) => namesMinute(report, symbol, minuteOf(event_time));
      },
    );
  });

  it('names any refused trade or frame that bronze lost, or holds twice', () => {
    damagedLake(
      (h) => h.lake.refused.slice(0, -1).filter((row) => countedRefused(h).includes(row.refused)),
      (h, row, seed) => {
        const { connection_id, sequence, frame } = row.refused;
        if (seed % 2 === 0) h.lake.refused.push(row);
        else remove(h.lake.refused, row);
        return (report) =>
          namesSequence(report, connection_id, sequence ?? frame) ||
          report.problems.some((p) => p.kind === 'refused_frames_differ' && p.connection_id === connection_id);
      },
    );
  });
});
